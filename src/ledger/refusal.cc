// Why the ledger did not do what was asked.
#include "ledger/refusal.h"

namespace forge {

const char* code_of(Fault fault)
{
    switch (fault) {
    case Fault::invalid: return "E_INVALID";
    case Fault::too_big: return "E_TOO_BIG";
    case Fault::no_space: return "E_NOSPC";
    case Fault::unknown: return "E_UNKNOWN";
    case Fault::read_only: return "E_READONLY";
    case Fault::conflict: return "E_CONFLICT";
    case Fault::denied: return "E_DENIED";
    case Fault::clock: return "E_CLOCK";
    case Fault::busy: return "E_BUSY";
    }
    return "E_UNKNOWN";
}

}
