// From a pattern, the pattern of what its matches begin with.
#include "scan/prefix_pattern.h"

#include "base/error.h"
#include "lib/regex.h"
#include "scan/injection.h"
#include "scan/secret_patterns.h"
#include "test.h"

using namespace forge;

namespace {

bool may_begin(std::string_view pattern, std::string_view text)
{
    return Regex{prefix_pattern(pattern), {.bytes = true}}.matches(text);
}

void check_every_beginning(std::string_view pattern, std::string_view match)
{
    CHECK(Regex(pattern, {.bytes = true}).matches(match));
    for (std::size_t size = 0; size <= match.size(); ++size)
        CHECK(may_begin(pattern, match.substr(0, size)));
}

}

TEST(every_beginning_of_a_match_is_one)
{
    check_every_beginning("abc", "abc");
    check_every_beginning("a|bc(?:de|fg)+h?", "bcdefgdeh");
    check_every_beginning(R"((?i:key)[ \t]{0,4}[:=]{1,2}"?([a-z]{3,5})(?:[^a-z]|\z))", "KEY  :=\"abcd;");
    check_every_beginning(R"(\b(?:x{2}y){1,3}?[\]\-]*\.)", "xxyxxyxxy]-.");
    check_every_beginning("[^]a]+b{3,}", "cccbbbbb");
}

TEST(what_no_match_begins_with_is_none)
{
    CHECK(!may_begin("abc", "b"));
    CHECK(!may_begin("abc", "abd"));
    CHECK(!may_begin("abc", "abcd"));
    CHECK(!may_begin("a{2,3}b", "aaaa"));
    CHECK(!may_begin("(?:ab){2}c", "abac"));
    CHECK(!may_begin("(?i:a)b", "AB"));
}

TEST(long_counts_may_be_taken_for_any_number)
{
    const Regex loose{prefix_pattern("a{3,40}b{1,4}", 16)};
    CHECK(loose.matches(std::string(100, 'a')));
    CHECK(loose.matches("aaabb"));
    CHECK(!loose.matches("abbbbb"));
}

TEST(a_pattern_that_is_not_understood_is_refused)
{
    for (const auto pattern : {"a(?=b)", "a)", "(a", "[a", "[[:alpha:]]", "\\pL", "a{x}", "*a", "a\\"})
        CHECK_THROWS(Error, prefix_pattern(pattern));
}

TEST(every_rule_has_a_pattern_of_what_its_matches_begin_with)
{
    for (std::size_t i = 0; i < secret_rules().size(); ++i)
        CHECK(SecretPatterns::instance().may_go_on(i, ""));
    for (const auto& rule : injection_rules())
        CHECK(Regex(prefix_pattern(rule.pattern)).matches(""));
}
