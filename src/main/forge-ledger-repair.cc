// forge-ledger-repair: starts a ledger whose write-ahead log is damaged or that is older than others know, giving up what
// nothing else has.
#include <sys/stat.h>

#include <iostream>

#include "audit/start_check.h"
#include "base/text.h"
#include "client/ledger_tool.h"

namespace forge {

namespace {

constexpr const char* program = "forge-ledger-repair";

constexpr Option options[] = {
    {"--accept-loss", "", "give up acknowledged lines that neither the write-ahead log nor the shards have; recorded"},
    {"--accept-rollback", "", "give up lines that only a pin or a witness knows of; recorded"},
    root_option,
    json_option,
    help_option,
};

int repair(const Arguments& arguments);
constexpr Command command{"", "", "start a ledger whose write-ahead log is damaged, or that lacks lines", options, repair};

void print_json(const Repaired& repaired)
{
    Json given_up = Json::array();
    for (const auto& [from, tree, is_cosigned] : repaired.given_up)
        given_up.append(Json::object({{"file", from}, {"root", base64(tree.root)}, {"size", tree.size}}));
    std::cout << dump(Json::object({{"ok", true}, {"size", repaired.size}, {"lostFrom", repaired.lost ? Json{*repaired.lost} : Json{nullptr}},
                                    {"givenUp", given_up}})) << '\n';
}

void print(const Repaired& repaired, const std::string& root)
{
    if (repaired.lost)
        std::cout << "the ledger goes on with " << repaired.size << " lines; acknowledged lines from number " << *repaired.lost
                  << " on may be lost, and a ledger.incident says so\n";
    for (const auto& [from, tree, is_cosigned] : repaired.given_up) {
        std::cout << from << " knows of " << tree.size << " lines, which are given up, and a ledger.incident says so\n"
                  << "now: take " << from << " away, and keep it as evidence";
        if (!is_cosigned)
            std::cout << "; then pin what there is now: forge-ledger-pin --root " << root << " --out " << from;
        std::cout << '\n';
    }
    if (!repaired.lost && repaired.given_up.empty())
        std::cout << "nothing is lost: " << repaired.size << " lines\n";
}

int repair(const Arguments& arguments)
{
    arguments.expect_operands(0, 0);
    if (arguments.has("--help")) {
        std::cout << help_of(program, command);
        return 0;
    }
    ::umask(022);
    const std::string root = ledger_folder(arguments);
    const Repaired repaired = repair_ledger(root, known_by_settings(root), arguments.has("--accept-loss") ? OnLoss::accept : OnLoss::halt,
                                            arguments.has("--accept-rollback"));
    arguments.has("--json") ? print_json(repaired) : print(repaired, root);
    return 0;
}

}

}

int main(int argc, char** argv)
{
    const std::vector<std::string> words{argv + 1, argv + argc};
    return forge::run_tool(forge::program, words, [&] { return forge::repair({forge::options, words}); });
}
