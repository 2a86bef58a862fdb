// Entries of the ledger's own about what was mended, through forge-ledgerd, or without it when it does not run.
#pragma once

#include "lib/json.h"
#include "os/fd.h"

#include <optional>
#include <string>

namespace forge {

/// True when a process has this ledger open for writing: forge-ledgerd, or a tool that mends.
/// Throws SystemError when state/LOCK may not be looked at.
bool is_being_written(const std::string& root);

/// Appends an entry of type ledger.restored, ledger.archived or ledger.incident.  Asks the running forge-ledgerd at
/// `socket`, else opens the ledger itself.  Throws Error saying what to do when neither can.
void record_repair(const std::string& root, const std::string& socket, const std::string& type, const Json& event);

}
