// forge-ledger-repair: starts a ledger whose write-ahead log is damaged, giving up what nothing else has.
#include <sys/stat.h>

#include <iostream>

#include "client/ledger_tool.h"

namespace forge {

namespace {

constexpr const char* program = "forge-ledger-repair";

constexpr Option options[] = {
    {"--accept-loss", "", "give up acknowledged lines that neither the write-ahead log nor the shards have; recorded"},
    root_option,
    json_option,
    help_option,
};

int repair(const Arguments& arguments);
constexpr Command command{"", "", "start a ledger whose write-ahead log is damaged", options, repair};

int repair(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    if (arguments.has("--help")) {
        std::cout << help_of(program, command);
        return 0;
    }
    ::umask(022);
    const auto [size, lost] = repair_ledger(ledger_folder(arguments), arguments.has("--accept-loss") ? OnLoss::accept : OnLoss::halt);
    if (arguments.has("--json")) {
        const Json from = lost ? Json{*lost} : Json{nullptr};
        std::cout << dump(Json::object({{"ok", true}, {"size", size}, {"lostFrom", from}})) << '\n';
    } else if (lost)
        std::cout << "the ledger goes on with " << size << " lines; acknowledged lines from number " << *lost
                  << " on may be lost, and a ledger.incident says so\n";
    else
        std::cout << "nothing is lost: " << size << " lines\n";
    return 0;
}

}

}

int main(int argc, char** argv)
{
    const std::vector<std::string> words{argv + 1, argv + argc};
    return forge::run_tool(forge::program, words, [&] { return forge::repair({forge::options, words}); });
}
