// forge-ledger-archive: compresses old days; every reader of the ledger reads them as before.
#include "audit/archive_days.h"
#include "audit/start_check.h"
#include "audit/tool.h"
#include "lib/json.h"

#include <algorithm>
#include <iostream>
#include <thread>

namespace forge {

namespace {

constexpr unsigned most_threads = 64;

constexpr Option options[] = {
    root_option,
    {"--older-than", "DAYS", "days that must have passed; default: 90"},
    {"--day", "YYYY-MM-DD", "this sealed day, however old; may be given again"},
    {"-j", "N", "threads that compress; default: one for each core"},
    vkey_option,
    socket_option,
    json_option,
    help_option,
};

int archive(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    const LedgerView ledger = open_ledger(ledger_root(arguments), pinned_key(arguments));
    auto days = arguments.values("--day");
    if (days.empty())
        days = days_to_archive(ledger, arguments.number("--older-than", 90, 0, 36500));
    const auto cores = std::clamp(std::thread::hardware_concurrency(), 1U, most_threads);
    const auto threads = static_cast<unsigned>(arguments.number("-j", cores, 1, most_threads));
    const auto known = [&ledger] { return known_by_settings(ledger.root); };
    Json all = Json::array();
    for (const auto& day : days) {
        const ArchivedDay archived = archive_day(ledger, day, ledger_socket(arguments), known, threads);
        all.append(Json::object({{"day", day}, {"bytes", archived.bytes}, {"archiveBytes", archived.packed_bytes},
                                 {"archiveSha256", archived.packed_sha256}}));
        if (!arguments.has("--json"))
            std::cout << archive_file(day) << ": " << mebibytes(archived.packed_bytes) << " instead of "
                      << mebibytes(archived.bytes) << '\n';
    }
    if (arguments.has("--json"))
        std::cout << dump(Json::object({{"ok", true}, {"archived", all}})) << '\n';
    else if (days.empty())
        std::cout << "no day is old enough\n";
    return exit_ok;
}

constexpr Command command{"", "", "compress old days of the ledger", options, archive};

}

}

int main(int argc, char** argv)
{
    return forge::run_tool("forge-ledger-archive", forge::command, argc, argv);
}
