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

TEST(json_members_keep_their_order_and_absent_is_not_null)
{
    const Json json = Json::object({{"b", 1}, {"a", Json::array({true, nullptr, "x"})}, {"none", Json{}}});
    CHECK_EQUAL(R"({"b":1,"a":[true,null,"x"]})"s, dump(json));
    CHECK(!json["none"] && json["a"].at(1).is_null() && !json["a"].at(9) && !json["b"]["c"]);
    CHECK_EQUAL("b"s, json.members().front().first);
}
