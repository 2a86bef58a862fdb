// JSON values.
#include "tests/unit/test.h"

#include "base/error.h"
#include "lib/json.h"

using namespace forge;

TEST(json_refuses_duplicates_depth_trailing_bytes_and_bad_text)
{
    const std::string deep = std::string(65, '[') + std::string(65, ']');
    for (const std::string& text : {R"({"a":1,"a":2})"s, deep, "1 2"s, "\"\xFF\""s, R"("\u0000")"s, "1e400"s, "NaN"s, ""s})
        CHECK_THROWS(Error, parse_json(text));
    CHECK(parse_json(std::string(64, '[') + std::string(64, ']')).is_array());
    CHECK_EQUAL("[[["s, std::string{parse_json(R"("[[[")", {.depth = 0}).as_text()});
}

TEST(json_errors_say_where_and_why_and_repeat_nothing)
{
    const auto refusal = [](const std::string& text) {
        try {
            parse_json(text);
        } catch (const Error& error) {
            return std::string{error.what()};
        }
        return "nothing"s;
    };
    CHECK_EQUAL("line 1, column 15: a text with U+0000 (\\u0000) is not accepted"s, refusal(R"("hunter2\u0000")"));
    CHECK(refusal(R"({"hunter2\u0000":1})").ends_with(": a text with U+0000 (\\u0000) is not accepted"));
    CHECK(refusal(R"({"hunter2":1,"hunter2":2})").ends_with(": a name stands twice in one object"));
    for (const std::string before : {"", "{", "[", "{\"a\":", "{\"a\"", "[1 ", "{} ", "\"a\n", "\"\\x", "\"\\ud8", "\"\\ud800", "\"\xff", "\"\x01", "1e999", "-"})
        CHECK(refusal(before + "hunter2").find("hunter") == std::string::npos);
    CHECK(refusal("\"\\uDC00\"").find("DC00") == std::string::npos);
}

TEST(json_members_keep_their_order_and_absent_is_not_null)
{
    const Json json = Json::object({{"b", 1}, {"a", Json::array({true, nullptr, "x"})}, {"none", Json{}}});
    CHECK_EQUAL(R"({"b":1,"a":[true,null,"x"]})"s, dump(json));
    CHECK(!json["none"] && json["a"].at(1).is_null() && !json["a"].at(9) && !json["b"]["c"]);
    CHECK_EQUAL("b"s, json.members().front().first);
}
