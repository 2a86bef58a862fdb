// forge-ledger-export: lines of the ledger as JSONL or CSV, with their receipts, or all of it as a static log.
#include "audit/export_lines.h"
#include "audit/tool.h"
#include "base/text.h"
#include "ledger/public_log.h"
#include "lib/json.h"
#include "os/file.h"

#include <iostream>

namespace forge {

namespace {

constexpr Option options[] = {
    root_option,
    vkey_option,
    {"--csv", "", "seq, ts, type, actor, id, event and leaf hash, instead of the lines themselves"},
    {"--from-seq", "N", "from this line on"},
    {"--to-seq", "N", "up to this line"},
    {"--type", "TYPE", "this type, or all that begin so: run."},
    {"--id", "ID", "the line with this id"},
    {"--since", "TIME", "from this time on, in UTC: 2026-11-23T10:00:00Z or its beginning"},
    {"--until", "TIME", "before this time, as with --since"},
    {"--proofs", "DIR", "beside each line its receipt, as DIR/SEQ.tlog-proof"},
    {"--tiles", "DIR", "instead of lines: the complete static log, into this empty folder"},
    {"--json", "", "lines as they are; what --tiles wrote, and a failure, as one JSON object"},
    help_option,
};

std::uint64_t seq_of(const Arguments& arguments, std::string_view option, std::uint64_t otherwise)
{
    if (!arguments.has(option))
        return otherwise;
    const auto number = parse_unsigned(arguments.value(option));
    if (!number)
        throw UsageError(std::string{option} + ": not a number");
    return *number;
}

std::string time_of(const Arguments& arguments, std::string_view option)
{
    if (!arguments.has(option))
        return "";
    const auto time = time_beginning(arguments.value(option));
    if (!time)
        throw UsageError(std::string{option} + " \"" + arguments.value(option)
                         + "\" is no time in UTC like 2026-11-23T10:00:00Z, nor the beginning of one like 2026-11-23");
    return *time;
}

// A log is exported as a whole.
void check_tiles(const Arguments& arguments)
{
    for (const char* const option : {"--csv", "--from-seq", "--to-seq", "--type", "--id", "--since", "--until", "--proofs"})
        if (arguments.has(option))
            throw UsageError(std::string{"--tiles writes the whole log: it does not go with "} + option);
}

int export_lines(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    if (arguments.has("--json") && arguments.has("--csv"))
        throw UsageError("--json and --csv are two forms of the same lines");
    if (arguments.has("--tiles"))
        check_tiles(arguments);
    const std::string since = time_of(arguments, "--since");
    const std::string until = time_of(arguments, "--until");
    const LedgerView ledger = open_ledger(ledger_root(arguments), pinned_key(arguments));
    if (arguments.has("--tiles")) {
        const auto files = export_tiles(ledger, arguments.value("--tiles"));
        if (arguments.has("--json"))
            std::cout << dump(Json::object({{"files", files}, {"size", ledger.checkpoint.size}, {"root", hex(ledger.checkpoint.root)}})) << '\n';
        else
            std::cout << files << " files of a log of " << ledger.checkpoint.size << " entries\n";
        return exit_ok;
    }
    const LineFilter filter{.first = seq_of(arguments, "--from-seq", 0),
                            .end = seq_of(arguments, "--to-seq", ledger.checkpoint.size) + 1,
                            .type = arguments.value("--type"), .id = arguments.value("--id"),
                            .since = since, .until = until};
    const PublicLog log{ledger.root};
    const std::string proofs = arguments.value("--proofs");
    const auto tree = log.newest().value();
    const bool is_csv = arguments.has("--csv");
    if (is_csv)
        std::cout << csv_header() << "\r\n";
    for_each_line(ledger, filter, [&](std::uint64_t seq, std::string_view line) {
        if (is_csv)
            std::cout << csv_row(line) << "\r\n";
        else
            std::cout << line << '\n';
        if (!proofs.empty())
            replace_file(proofs + "/" + std::to_string(seq) + ".tlog-proof", log.receipt(seq, tree).text());
    });
    std::cout.flush();
    return std::cout ? exit_ok : exit_wrong_usage;
}

constexpr Command command{"", "", "write out lines of the ledger, or all of it as a static log", options, export_lines};

}

}

int main(int argc, char** argv)
{
    return forge::run_tool("forge-ledger-export", forge::command, argc, argv);
}
