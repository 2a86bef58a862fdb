// Canonical JSON: the vectors of RFC 8785, and what the ledger refuses.
#include "tests/unit/test.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "tests/unit/random_json.h"
#include "tlog/jcs.h"

#include <bit>
#include <random>

using namespace forge;

namespace {

// As ECMAScript reads: every number a double, U+0000 allowed.
Json parsed_as_in_rfc8785(std::string_view text)
{
    json_t* const value = json_loadb(text.data(), text.size(),
                                     JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, nullptr);
    if (!value)
        throw Error("not JSON");
    return Json::adopt(value);
}

std::string canonical(std::string_view text)
{
    return canonical_json(parse_json(text));
}

bool is_canonical(std::string_view value)
{
    return !canonical_error(value, {.object = false});
}

std::string fault(std::string_view bytes)
{
    const auto found = canonical_error(bytes);
    return found ? std::to_string(found->position) + " " + std::string{found->reason} : "none";
}

std::string nested(int depth)
{
    return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
}

}

TEST(jcs_makes_every_output_of_the_six_published_pairs)
{
    const std::string folder = test::test_data("jcs");
    const auto names = names_in(folder + "/input");
    CHECK_EQUAL(std::size_t{6}, names.size());
    for (const auto& name : names) {
        const std::string expected = read_file(folder + "/output/" + name);
        const Json value = parsed_as_in_rfc8785(read_file(folder + "/input/" + name));
        CHECK_EQUAL(expected, canonical_json(value, JcsProfile::rfc8785));
        CHECK_EQUAL(expected, canonical_json(value));
        CHECK(is_canonical(expected));
        std::string bytes;
        for (const char c : read_file(folder + "/outhex/" + name.substr(0, name.size() - 5) + ".txt"))
            if (std::isxdigit(static_cast<unsigned char>(c)))
                bytes += c;
        CHECK_EQUAL(bytes, hex(expected));
    }
}

TEST(jcs_agrees_with_the_stored_cases_and_refuses_the_lone_surrogate)
{
    int agreed = 0;
    for (const Json& item : parsed_as_in_rfc8785(read_file(test::test_data("vectors/c14n.json"))).items()) {
        const auto raw = item["raw"].as_text();
        if (raw.find("ud800\"") != raw.npos) {
            CHECK_THROWS(Error, parsed_as_in_rfc8785(raw));
            continue;
        }
        // Where the columns differ, the first is of an engine that sorts numeric names first and drops __proto__.
        const Json expected = item["same"].as_bool() ? item["c14n"] : item["stable"];
        CHECK_EQUAL(std::string{expected.as_text()}, canonical_json(parsed_as_in_rfc8785(raw), JcsProfile::rfc8785));
        ++agreed;
    }
    CHECK_EQUAL(11, agreed);
}

TEST(jcs_prints_the_numbers_of_rfc8785_appendix_b)
{
    const std::pair<std::uint64_t, std::string> table[] = {{0x0000000000000000, "0"},
                                                           {0x8000000000000000, "0"},
                                                           {0x0000000000000001, "5e-324"},
                                                           {0x8000000000000001, "-5e-324"},
                                                           {0x7fefffffffffffff, "1.7976931348623157e+308"},
                                                           {0xffefffffffffffff, "-1.7976931348623157e+308"},
                                                           {0x4340000000000000, "9007199254740992"},
                                                           {0xc340000000000000, "-9007199254740992"},
                                                           {0x4430000000000000, "295147905179352830000"},
                                                           {0x44b52d02c7e14af5, "9.999999999999997e+22"},
                                                           {0x44b52d02c7e14af6, "1e+23"},
                                                           {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
                                                           {0x444b1ae4d6e2ef4e, "999999999999999700000"},
                                                           {0x444b1ae4d6e2ef4f, "999999999999999900000"},
                                                           {0x444b1ae4d6e2ef50, "1e+21"},
                                                           {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                                                           {0x3eb0c6f7a0b5ed8d, "0.000001"},
                                                           {0x41b3de4355555553, "333333333.3333332"},
                                                           {0x41b3de4355555554, "333333333.33333325"},
                                                           {0x41b3de4355555555, "333333333.3333333"},
                                                           {0x41b3de4355555556, "333333333.3333334"},
                                                           {0x41b3de4355555557, "333333333.33333343"},
                                                           {0xbecbf647612f3696, "-0.0000033333333333333333"},
                                                           {0x43143ff3c1cb0959, "1424953923781206.2"}};
    for (const auto& [bits, text] : table)
        CHECK_EQUAL(text, canonical_number(std::bit_cast<double>(bits)));
    CHECK_THROWS(Error, canonical_number(std::bit_cast<double>(0x7fffffffffffffff)));
    CHECK_THROWS(Error, canonical_number(std::bit_cast<double>(0x7ff0000000000000)));
}

TEST(jcs_sorts_names_by_utf16_code_units)
{
    CHECK_EQUAL("{\"\":0,\"\\r\":1,\"1\":2,\"\x7F\":3,\"€\":4,\"😂\":5,\"\uFB33\":6,\"\uFFFF\":7}"s,
                canonical("{\"\uFFFF\":7,\"\uFB33\":6,\"😂\":5,\"€\":4,\"\x7F\":3,\"1\":2,\"\\r\":1,\"\":0}"));
    CHECK(canonical_less("a", "ab") && !canonical_less("ab", "a") && !canonical_less("a", "a"));
}

TEST(jcs_refuses_what_the_ledger_does_not_hold)
{
    const std::string refused[] = {R"({"a":1,"a":2})",
                                   "NaN",
                                   "Infinity",
                                   "-Infinity",
                                   "1e400",
                                   "-1e400",
                                   "9007199254740992",
                                   "-9007199254740992",
                                   "9007199254740992.0",
                                   "123456789012345680000",
                                   R"("\ud800")",
                                   R"("\udc00x")",
                                   "\"\xC0\x80\"",
                                   "\"\xE0\x80\xAF\"",
                                   "\"\xED\xA0\x80\"",
                                   "\"\xF4\x90\x80\x80\"",
                                   "\"\xFF\"",
                                   "\"\0\""s,
                                   R"("\u0000")",
                                   "1 2",
                                   "{}x",
                                   "",
                                   nested(33)};
    for (const auto& text : refused) {
        CPPUNIT_ASSERT_THROW_MESSAGE(text, canonical(text), Error);
        CPPUNIT_ASSERT_MESSAGE(text, !is_canonical(text));
    }
    CHECK_EQUAL(nested(32), canonical(nested(32)));
    CHECK(is_canonical(nested(32)));
    CHECK_EQUAL("[9007199254740991,-9007199254740991,1e+21]"s, canonical("[9007199254740991,-9007199254740991,1e21]"));
    CHECK_THROWS(Error, canonical_json(Json{}));
}

TEST(jcs_check_names_the_place_and_the_reason)
{
    CHECK_EQUAL("none"s, fault(R"({"a":[1,-2.5,"é\n\u001f",true,false,null,{}],"b":{"c":[]}})"));
    CHECK_EQUAL("0 not an object"s, fault("[]"));
    CHECK_EQUAL("0 not an object"s, fault(""));
    CHECK_EQUAL("1 a name expected"s, fault("{ }"));
    CHECK_EQUAL("5 a value expected"s, fault(R"({"a": 1})"));
    CHECK_EQUAL("7 names out of order"s, fault(R"({"b":1,"a":2})"));
    CHECK_EQUAL("7 a name twice"s, fault(R"({"a":1,"a":2})"));
    CHECK_EQUAL("5 a number that is not canonical"s, fault(R"({"a":1.0})"));
    CHECK_EQUAL("5 a number that is not canonical"s, fault(R"({"a":-0})"));
    CHECK_EQUAL("5 a number that is not canonical"s, fault(R"({"a":01})"));
    CHECK_EQUAL("5 a number that is not canonical"s, fault(R"({"a":1E3})"));
    CHECK_EQUAL("5 an integer beyond 2^53-1"s, fault(R"({"a":9007199254740992})"));
    CHECK_EQUAL("6 an escape that is not canonical"s, fault(R"({"a":"\/"})"));
    CHECK_EQUAL("6 an escape that is not canonical"s, fault(R"({"a":"\u000a"})"));
    CHECK_EQUAL("6 an escape that is not canonical"s, fault(R"({"a":"\u001F"})"));
    CHECK_EQUAL("6 an escape that is not canonical"s, fault(R"({"a":"\u00e9"})"));
    CHECK_EQUAL("6 U+0000"s, fault(R"({"a":"\u0000"})"));
    CHECK_EQUAL("7 a control character that is not escaped"s, fault("{\"a\":\"x\ny\"}"));
    CHECK_EQUAL("7 not UTF-8"s, fault("{\"a\":\"x\xC3\"}"));
    CHECK_EQUAL("7 bytes after the value"s, fault("{\"a\":1}\n"));
    CHECK_EQUAL("6 a text without its end"s, fault(R"({"a":")"));
    CHECK_EQUAL("5 ends too early"s, fault(R"({"a":)"));
    CHECK_EQUAL("6 ',' or '}' expected"s, fault(R"({"a":1)"));
    CHECK_EQUAL(std::size_t{2}, canonical_error("[[[]]]", {.depth = 2, .object = false})->position);
}

TEST(jcs_check_sees_the_order_of_names_with_escapes)
{
    CHECK(is_canonical(R"({"\n":1," ":2,"\"":3,"#":4,"[":5,"\\":6,"]":7})"));
    CHECK(!is_canonical(R"({"\\":1,"\"":2})"));
    CHECK(is_canonical("{\"😀\":1,\"\uE000\":2}"));
    CHECK(!is_canonical("{\"\uE000\":1,\"😀\":2}"));
}

TEST(jcs_check_accepts_what_is_made_and_no_other_bytes)
{
    std::mt19937_64 random{8785};
    for (int round = 0; round < 2000; ++round) {
        const Json value = test::random_json(random);
        const std::string made = canonical_json(value);
        CPPUNIT_ASSERT_MESSAGE(made, is_canonical(made));
        CHECK_EQUAL(made, canonical(made));
        std::string other = made;
        other[random() % other.size()] = static_cast<char>(random());
        bool same = false;
        try {
            same = canonical(other) == other;
        } catch (const Error&) {   // not JSON, or refused
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(other, same, is_canonical(other));
    }
}
