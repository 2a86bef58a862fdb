// What the tools that ask the ledger for something share: which ledger, and what their exit codes mean.
#pragma once

#include "base/options.h"
#include "ledger/open_ledger.h"
#include "lib/json.h"

#include <functional>
#include <string>
#include <vector>

namespace forge {

// Those of every tool of the ledger, and sysexits(3) for what can be tried again.
constexpr int exit_refused = 1;        // or a wrong command line
constexpr int exit_contradiction = 2;
constexpr int exit_contradicted = 4;   // by what was signed, pinned or cosigned
constexpr int exit_unavailable = 75;   // the ledger cannot just now; the reason is printed

/// For the table of options.
constexpr Option root_option{"--root", "DIR", "the ledger's folder; default: $VMESH_LEDGER_ROOT"};
constexpr Option socket_option{"--socket", "PATH", "where forge-ledgerd listens; default: $FORGE_LEDGER_SOCKET, or what the folder says"};
constexpr Option json_option{"--json", "", "the result as one JSON object"};
constexpr Option help_option{"--help", "", "show this"};

/// --root, else the settings'.
std::string ledger_folder(const Arguments& arguments);
/// --socket, else the settings' where no --root was given.
std::unique_ptr<LedgerAccess> open_ledger(const Arguments& arguments, Millis patience = Millis{10'000});
/// The reply when it is ok; throws Error "E_…: …" else.
LedgerReply asked(LedgerAccess& ledger, const Packet& request);

/// Runs a tool: its exit code, or that of what it threw, which is printed; where --json is among its words, as an object on
/// the output too.
int run_tool(const char* name, const std::vector<std::string>& words, const std::function<int()>& tool);

}
