// What the tools that ask the ledger for something share.
#include "client/ledger_tool.h"

#include <cstdlib>
#include <iostream>

#include "audit/start_check.h"
#include "audit/tool_failure.h"
#include "base/error.h"
#include "base/log.h"
#include "config/config.h"
#include "ledger/refusal.h"

namespace forge {

std::string ledger_folder(const Arguments& arguments)
{
    return arguments.has("--root") ? arguments.value("--root") : Config{system_settings(), forge::command}.ledger_root;
}

std::unique_ptr<LedgerAccess> open_ledger(const Arguments& arguments, Millis patience)
{
    const bool is_named = arguments.has("--root") && !std::getenv("FORGE_LEDGER_SOCKET");
    const std::string settings = is_named ? std::string{} : Config{system_settings(), forge::command}.ledger_socket;
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

namespace {

// To try again never helps.
bool is_frozen(const LedgerUnavailable& error)
{
    return error.detail.starts_with("frozen:");
}

}

int run_tool(const char* name, const std::vector<std::string>& words, const std::function<int()>& tool)
{
    const auto failed = [&](int code, const char* what, const std::exception& error) {
        const std::string reason = describe(error);
        std::cerr << name << ": " << what << reason << '\n';
        if (wants_json(words))
            print_failure(code, reason);
        return code;
    };
    try {
        name_log(name);
        return tool();
    } catch (const LedgerUnavailable& error) {
        return failed(is_frozen(error) ? exit_refused : exit_unavailable, "", error);
    } catch (const LedgerRolledBack& error) {
        return failed(exit_contradicted, "ledger not opened: ", error);
    } catch (const LedgerDamaged& error) {
        return failed(exit_contradiction, "ledger damaged: ", error);
    } catch (const std::exception& error) {
        return failed(exit_refused, "", error);
    }
}

}
