// The command line: options, operands, longest command names, help.
#include "base/options.h"

#include "tests/unit/test.h"

using namespace forge;

namespace {

constexpr Option options[] = {{"--port", "PORT", "where to listen"}, {"--root", "DIR", "a folder"}, {"--json", "", "for programs"}};
constexpr Command commands[] = {
    {"ledger", "", "the ledger", {}, nullptr},
    {"ledger tail", "", "its last lines", {}, nullptr},
    {"run", "TEMPLATE", "run a template", options, nullptr},
};

Arguments parse(const std::vector<std::string>& words) { return {options, words}; }
const Command* find(const std::vector<std::string>& words) { return find_command(commands, words); }

}

TEST(options_stand_before_behind_and_between_operands)
{
    const Arguments given = parse({"a", "--port", "1", "b", "--port=2", "--json", "--", "--c", "-"});
    CHECK(given.operands() == (std::vector{"a"s, "b"s, "--c"s, "-"s}));
    CHECK(given.values("--port") == (std::vector{"1"s, "2"s}));
    CHECK_EQUAL(2L, given.number("--port", 0, 1, 65535));
    CHECK(given.has("--json"));
}

TEST(a_wrong_option_is_named)
{
    for (const auto& [words, message] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"--prot", "1"}, "unknown option --prot"},
             {{"-p"}, "unknown option -p"},
             {{"--port"}, "option --port needs its PORT"},
             {{"--root", ""}, "option --root is empty: it needs its DIR"},
             {{"--root="}, "option --root is empty: it needs its DIR"},
             {{"--json=yes"}, "option --json takes no value"}}) {
        try {
            parse(words);
            CHECK(false);
        } catch (const UsageError& error) {
            CHECK_EQUAL(message, std::string{error.what()});
        }
    }
    CHECK_THROWS(UsageError, parse({"--port", "70000"}).number("--port", 0, 1, 65535));
    CHECK_THROWS(UsageError, parse({"--port", "1x"}).number("--port", 0, 1, 65535));
    CHECK_THROWS(UsageError, parse({"a", "b"}).expect_operands(0, 1));
    CHECK_THROWS(UsageError, parse({}).expect_operands(1, 1));
}

TEST(the_longest_command_name_wins)
{
    CHECK_EQUAL("ledger tail"s, std::string{find({"ledger", "tail", "--x"})->name});
    CHECK_EQUAL("ledger"s, std::string{find({"ledger", "verify"})->name});
    CHECK(find({"led"}) == nullptr);
    CHECK(find({}) == nullptr);
}

TEST(half_a_command_name_says_how_it_goes_on)
{
    constexpr Command table[] = {{"ledger tail", "", "", {}, nullptr}, {"ledger head", "", "", {}, nullptr}};
    for (const std::vector<std::string>& words : {std::vector{"ledger"s}, std::vector{"ledger"s, "--help"s}})
        try {
            find_command(table, words);
            CHECK(false);
        } catch (const UsageError& error) {
            CHECK_EQUAL("a word is missing behind ledger: there is ledger tail, ledger head; see --help"s,
                        std::string{error.what()});
        }
    CHECK(find_command(table, std::vector{"ledger"s, "verify"s}) == nullptr);
}

TEST(help_follows_from_the_table)
{
    CHECK_EQUAL("usage: forge run [options] TEMPLATE\n\nrun a template\n\n"
                "  --port PORT           where to listen\n"
                "  --root DIR            a folder\n"
                "  --json                for programs\n"s,
                help_of("forge", commands[2]));
}
