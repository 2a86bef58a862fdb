// What the tools that ask the ledger for something share.
#include "client/ledger_tool.h"

#include <cstdlib>
#include <iostream>

#include "audit/start_check.h"
#include "base/log.h"
#include "config/config.h"
#include "ledger/refusal.h"

namespace forge {

std::string ledger_folder(const Arguments& arguments)
{
    return arguments.has("--root") ? arguments.value("--root") : Config{system_settings()}.ledger_root;
}

std::unique_ptr<LedgerAccess> open_ledger(const Arguments& arguments, Millis patience)
{
    const bool is_named = arguments.has("--root") && !std::getenv("FORGE_LEDGER_SOCKET");
    const std::string settings = is_named ? std::string{} : Config{system_settings()}.ledger_socket;
    const std::string root = ledger_folder(arguments);
    return std::make_unique<LedgerAccess>(root, arguments.value("--socket", settings), patience,
                                          [&root] { return known_by_settings(root); });
}

LedgerReply asked(LedgerAccess& ledger, const Packet& request)
{
    LedgerReply reply = ledger.client().call(request);
    if (!reply.ok)
        throw Error(reply.error + ": " + reply.detail);
    return reply;
}

int run_tool(const char* name, const std::function<int()>& tool)
try {
    name_log(name);
    return tool();
} catch (const LedgerUnavailable& error) {
    std::cerr << name << ": " << error.what() << '\n';
    return exit_unavailable;
} catch (const LedgerRolledBack& error) {
    std::cerr << name << ": ledger not opened: " << error.what() << '\n';
    return exit_contradicted;
} catch (const LedgerDamaged& error) {
    std::cerr << name << ": ledger damaged: " << error.what() << '\n';
    return exit_contradiction;
} catch (const std::exception& error) {
    std::cerr << name << ": " << describe(error) << '\n';
    return exit_refused;
}

}
