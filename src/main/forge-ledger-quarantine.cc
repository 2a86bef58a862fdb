// forge-ledger-quarantine: moves files of lines that are damaged out of the way, with a report of what is wrong.
#include "audit/quarantine.h"
#include "audit/recorder.h"
#include "audit/tool.h"
#include "lib/json.h"

#include <iostream>

namespace forge {

namespace {

constexpr Option options[] = {
    root_option,
    vkey_option,
    {"--day", "YYYY-MM-DD", "this day only; may be given again; default: all"},
    {"--dry-run", "", "say what is damaged, move nothing"},
    json_option,
    help_option,
};

Json json_of(const DayDamage& damage, const std::string& folder)
{
    Json ranges = Json::array();
    for (const SeqRange& range : damage.bad)
        ranges.append(Json::array({range.begin, range.end - 1}));
    Json json = Json::object({{"day", damage.day}, {"file", damage.file}, {"reason", damage.reason}, {"ranges", ranges}});
    if (!folder.empty())
        json.set("quarantine", folder);
    return json;
}

int quarantine(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    const std::string root = ledger_root(arguments);
    const LedgerView ledger = open_ledger(root, pinned_key(arguments));
    AuthenticLeaves leaves{ledger};
    const auto days = arguments.values("--day").empty() ? all_days(root) : arguments.values("--day");
    Json damaged = Json::array();
    for (const auto& day : days) {
        const DayDamage damage = examine_day(ledger, leaves, day);
        if (damage.is_whole() || damage.file.empty())
            continue;
        std::string folder;
        if (!arguments.has("--dry-run")) {
            const bool is_written = !damage.is_sealed && is_being_written(root);
            folder = quarantine_day(root, damage, is_written ? Original::kept : Original::moved).folder;
        }
        damaged.append(json_of(damage, folder));
        if (!arguments.has("--json"))
            std::cout << damage.file << ": " << damage.reason
                      << (damage.bad.empty() ? "" : ": seq " + text_of(damage.bad))
                      << (folder.empty() ? "" : "; now in " + folder) << '\n';
    }
    const int code = arguments.has("--dry-run") && damaged.size() > 0 ? exit_damaged : exit_ok;
    if (arguments.has("--json"))
        std::cout << dump(Json::object({{"ok", code == exit_ok}, {"exit", code}, {"damaged", damaged}})) << '\n';
    else if (damaged.size() == 0)
        std::cout << "nothing is damaged\n";
    return code;
}

constexpr Command command{"", "", "move damaged files of lines out of the way", options, quarantine};

}

}

int main(int argc, char** argv)
{
    return forge::run_tool("forge-ledger-quarantine", forge::command, argc, argv);
}
