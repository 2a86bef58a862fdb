// Why the ledger did not do what was asked: the codes of its socket.
#pragma once

#include "base/error.h"

#include <string>

namespace forge {

enum class Fault { invalid, too_big, no_space, unknown, read_only, conflict, denied, clock, busy };

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

/// A write or a sync failed that made lines durable: what the kernel's cache says of the files is not to be believed.
struct SyncFailed : LedgerFailed {
    using LedgerFailed::LedgerFailed;
};

/// The ledger's folder is not what this program left there; the message names file, line and reason.
struct LedgerDamaged : Error {
    using Error::Error;
};

/// Acknowledged lines are missing in the write-ahead log, and nothing else has them for certain.
struct WalDamaged : LedgerDamaged {
    using LedgerDamaged::LedgerDamaged;
};

/// The ledger's lines are older or others than those that were signed.
struct LedgerRolledBack : LedgerDamaged {
    using LedgerDamaged::LedgerDamaged;
};

/// A witness is required, and none says anything of the ledger.
struct LedgerUnwitnessed : Error {
    using Error::Error;
};

}
