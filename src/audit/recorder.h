// Entries of the ledger's own about what was mended, through forge-ledgerd, or without it when it does not run.
#pragma once

#include "audit/ledger_view.h"
#include "ledger/known_tree.h"
#include "lib/json.h"
#include "os/fd.h"

#include <optional>
#include <string>

namespace forge {

/// True when a process has this ledger open for writing: forge-ledgerd, or a tool that mends.
/// Throws SystemError when state/LOCK may not be looked at.
bool is_being_written(const std::string& root);

/// Appends an entry of type ledger.restored, ledger.archived or ledger.incident.  Asks the running forge-ledgerd at
/// `socket`, else opens the ledger itself, unless that is older than what is known, or another.  Throws Error saying what to
/// do when neither can.
void record_repair(const std::string& root, const std::string& socket, const AskKnown& known, const std::string& type,
                   const Json& event);

/// The same comparison by the newest checkpoint, before files are changed that record_repair will tell of; none while
/// another process has the ledger, which made it.  Throws LedgerRolledBack.
void check_before_repair(const LedgerView& ledger, const AskKnown& known);

}
