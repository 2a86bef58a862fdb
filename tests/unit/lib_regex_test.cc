// lib/regex.h: RE2 behind our own names, and ECMA-262 patterns.
#include "lib/regex.h"

#include "base/error.h"
#include "tests/unit/test.h"

namespace {

using forge::Error;
using forge::Regex;

std::string reason(std::string_view pattern)
try {
    Regex::ecma(pattern);
    return "none";
} catch (const Error& error) {
    return error.what();
}

}

TEST(a_regex_finds_parts_and_matches_wholes)
{
    const Regex regex{"b+"};
    CHECK(regex.finds("abbc"));
    CHECK(!regex.matches("abbc"));
    CHECK(regex.matches("bb"));
    CHECK(!regex.finds(""));
}

TEST(a_search_gives_groups_and_goes_on_from_a_position)
{
    const Regex regex{"(a)|(b)"};
    const std::string_view text = "xbya";
    const auto first = regex.search(text);
    CHECK(first.has_value());
    CHECK_EQUAL("b"s, std::string{*first->at(0)});
    CHECK(!first->at(1));
    const auto second = regex.search(text, 2);
    CHECK_EQUAL("a"s, std::string{*second->at(1)});
    CHECK(!regex.search(text, 4));
    CHECK(!regex.search(text, 5));
}

TEST(a_broken_pattern_is_named)
{
    CHECK_THROWS(Error, Regex{"(a"});
    CHECK(reason("(a").starts_with("pattern (a: "));
}

TEST(a_regex_on_bytes_reads_any_byte)
{
    const Regex bytes{"^.$", {.bytes = true}};
    CHECK(bytes.matches("\xff"));
    CHECK(!Regex{"^.$"}.matches("\xff"));
}

TEST(ecma_anchors_and_classes_mean_what_the_standard_says)
{
    CHECK(!Regex::ecma("^abc$").finds("abc\n"));
    CHECK(!Regex::ecma("^.$").finds("\u2028"));
    CHECK(Regex::ecma("^\\s\\S[\\s]$").finds("\u00a0x\ufeff"));
    CHECK(!Regex::ecma("[\\S]").finds("\u2003\t\n"));
    CHECK(Regex::ecma("^[[:a]+$").finds("[:a"));
    CHECK(Regex::ecma("^[^]$").finds("\n"));
    CHECK(!Regex::ecma("[]").finds("a"));
    CHECK(Regex::ecma("^[\\b]$").finds("\b"));
}

TEST(ecma_escapes_are_read)
{
    CHECK(Regex::ecma("^\\u0041\\x42\\cC\\0\\/\\-\\u{1F600}\\uD83D\\uDE00$").finds("AB\x03\0/-😀😀"s));
    CHECK(Regex::ecma("^\\p{Letter}\\p{L}\\p{Script=Greek}\\p{gc=Nd}[\\p{ASCII}]\\p{ASCII}$").finds("éxα9ab"));
    CHECK(Regex::ecma("^(?<year>\\d{4})(?:-)x{,3}$").finds("2026-x{,3}"));
}

TEST(what_re2_cannot_do_is_named)
{
    CHECK_EQUAL("pattern (?=a): lookahead (?= is not supported"s, reason("(?=a)"));
    CHECK_EQUAL("pattern a(?<!b): lookbehind (?<! is not supported"s, reason("a(?<!b)"));
    CHECK_EQUAL("pattern (a)\\1: back reference \\1 is not supported"s, reason("(a)\\1"));
    CHECK_EQUAL("pattern \\Z: escape \\Z is not part of ECMA-262"s, reason("\\Z"));
    CHECK_EQUAL("pattern a{1001}: repetition {1001} is not supported: at most 1000"s, reason("a{1001}"));
    CHECK_EQUAL("pattern \\uD83D: escape \\u… is half of a surrogate pair"s, reason("\\uD83D"));
    CHECK_EQUAL("pattern [a: missing ] of a character class"s, reason("[a"));
    CHECK_EQUAL("pattern a\\: trailing backslash"s, reason("a\\"));
}

TEST(a_pattern_that_others_try_for_hours_is_quick)
{
    CHECK(!Regex::ecma("^(a+)+$").finds(std::string(100'000, 'a') + "b"));
}
