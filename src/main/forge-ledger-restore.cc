// forge-ledger-restore: puts back lines that are missing or changed, from sources that need not be trusted.
#include "audit/restore.h"
#include "audit/start_check.h"
#include "audit/tool.h"
#include "lib/json.h"

#include <algorithm>
#include <iostream>

namespace forge {

namespace {

constexpr Option options[] = {
    root_option,
    {"--from", "SRC", "a backup folder, shard, archive, export or static mirror, or its URL; may be given again"},
    {"--day", "YYYY-MM-DD", "this day only; may be given again; default: all that are not whole"},
    {"--dry-run", "", "say which source covers what, write nothing"},
    vkey_option,
    socket_option,
    json_option,
    help_option,
};

std::string_view word_of(RestoredDay::Outcome outcome)
{
    switch (outcome) {
    case RestoredDay::Outcome::whole: return "whole";
    case RestoredDay::Outcome::restorable: return "restorable";
    case RestoredDay::Outcome::restored: return "restored";
    case RestoredDay::Outcome::incomplete: return "incomplete";
    }
    return "";
}

Json json_of(const std::vector<SeqRange>& ranges)
{
    Json json = Json::array();
    for (const SeqRange& range : ranges)
        json.append(Json::array({range.begin, range.end - 1}));
    return json;
}

Json json_of(const RestoredDay& day)
{
    Json sources = Json::array();
    for (const auto& [name, ranges] : day.sources)
        sources.append(Json::object({{"source", name}, {"ranges", json_of(ranges)}}));
    Json troubles = Json::array();
    for (const auto& trouble : day.troubles)
        troubles.append(trouble);
    return Json::object({{"day", day.damage.day}, {"outcome", word_of(day.outcome)}, {"reason", day.damage.reason},
                         {"damaged", json_of(day.damage.bad)}, {"sources", sources}, {"missing", json_of(day.missing)},
                         {"troubles", troubles}, {"quarantine", day.folder}});
}

void print(const RestoredDay& day)
{
    if (day.outcome == RestoredDay::Outcome::whole)
        return;
    std::cout << shard_file(day.damage.day) << ": " << day.damage.reason;
    if (!day.damage.bad.empty())
        std::cout << ": seq " << text_of(day.damage.bad);
    std::cout << '\n';
    for (const auto& [name, ranges] : day.sources)
        std::cout << "  " << name << " has seq " << text_of(ranges) << '\n';
    for (const auto& trouble : day.troubles)
        std::cout << "  " << trouble << '\n';
    if (!day.missing.empty())
        std::cout << "  no source has seq " << text_of(day.missing) << '\n';
    std::cout << "  " << word_of(day.outcome)
              << (day.folder.empty() ? "" : "; the damaged file is in " + day.folder) << '\n';
}

int restore(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    const std::string root = ledger_root(arguments);
    const auto days = restore_ledger({.root = root, .vkey = pinned_key(arguments),
                                      .socket = ledger_socket(arguments), .from = arguments.values("--from"),
                                      .days = arguments.values("--day"), .is_dry = arguments.has("--dry-run"),
                                      .known = [&root] { return known_by_settings(root); }});
    int code = exit_ok;
    Json all = Json::array();
    for (const RestoredDay& day : days) {
        if (day.outcome == RestoredDay::Outcome::incomplete)
            code = exit_incomplete;
        all.append(json_of(day));
        if (!arguments.has("--json"))
            print(day);
    }
    if (arguments.has("--json"))
        std::cout << dump(Json::object({{"ok", code == exit_ok}, {"exit", code}, {"days", all}})) << '\n';
    else if (std::ranges::all_of(days, [](const RestoredDay& day) { return day.damage.is_whole(); }))
        std::cout << "every day is whole\n";
    return code;
}

constexpr Command command{"", "", "put back lines that are missing or changed", options, restore};

}

}

int main(int argc, char** argv)
{
    return forge::run_tool("forge-ledger-restore", forge::command, argc, argv);
}
