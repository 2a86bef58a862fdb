// forge-ledger-scrub: reads a seventh of what lies still, from the disk, and compares it with what was signed.
#include "audit/scrub.h"
#include "audit/tool.h"
#include "lib/json.h"

#include <iostream>

namespace forge {

namespace {

constexpr Option options[] = {
    root_option,
    vkey_option,
    {"--part", "N", "0 to 6; default: the one whose turn it is today"},
    {"--all", "", "all parts"},
    json_option,
    help_option,
};

int scrub(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    std::optional<unsigned> part;
    if (!arguments.has("--all"))
        part = static_cast<unsigned>(arguments.number("--part", part_of_today(), 0, scrub_parts - 1));
    const ScrubReport report = scrub_ledger(open_ledger(ledger_root(arguments), pinned_key(arguments)), part);
    const int code = report.findings.exit_code();
    Json findings = Json::array();
    for (const auto& [kind, file, line, reason] : report.findings.list()) {
        findings.append(Json::object({{"file", file}, {"reason", reason}}));
        if (!arguments.has("--json"))
            std::cout << file << ": " << reason << '\n';
    }
    if (arguments.has("--json"))
        std::cout << dump(Json::object({{"ok", code == exit_ok}, {"exit", code}, {"files", report.files}, {"tiles", report.tiles},
                                        {"bytes", report.bytes}, {"findings", findings}}))
                  << '\n';
    else
        std::cout << (code == 0 ? "ok: " : "not ok: ") << report.files << " files of lines and " << report.tiles
                  << " tiles, " << mebibytes(report.bytes) << '\n';
    return code;
}

constexpr Command command{"", "", "read a part of the ledger from the disk and compare it", options, scrub};

}

}

int main(int argc, char** argv)
{
    return forge::run_tool("forge-ledger-scrub", forge::command, argc, argv);
}
