// Why the ledger did not do what was asked: the codes of its socket (LEDGER.md 4.1).
#pragma once

#include "base/error.h"

#include <string>

namespace forge {

enum class Fault { invalid, too_big, no_space, unknown, read_only, conflict, denied, clock };

/// "E_INVALID" and so on.
const char* code_of(Fault fault);

/// What was asked was refused, and nothing of it is in the ledger; except Fault::unknown, where nobody can tell.
struct Refused : Error {
    Refused(Fault fault_, const std::string& detail) : Error(detail), fault(fault_) {}
    Fault fault;
};

/// The engine met a failure after which it must not go on: the process ends, and recovery decides what was written.
struct LedgerFailed : Error {
    using Error::Error;
};

/// The ledger's folder is not what this program left there; the message names file, line and reason.
struct LedgerDamaged : Error {
    using Error::Error;
};

}
