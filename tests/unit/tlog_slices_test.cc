// The parts of a compact JSON text.
#include "tlog/slices.h"

#include <string>

#include "test.h"

using namespace forge;

TEST(an_object_falls_into_its_members)
{
    const auto members = object_slices(R"({"a":"x,}","b":[1,{"c":2}],"d":-1e5})");
    CHECK(members.has_value());
    CHECK_EQUAL(std::size_t{3}, members->size());
    CHECK_EQUAL(R"("x,}")"s, std::string{slice_of(*members, "a")});
    CHECK_EQUAL(R"([1,{"c":2}])"s, std::string{slice_of(*members, "b")});
    CHECK_EQUAL("-1e5"s, std::string{slice_of(*members, "d")});
    CHECK(slice_of(*members, "e").empty());
    CHECK(object_slices("{}")->empty());
}

TEST(an_array_falls_into_its_items)
{
    const auto items = array_slices(R"([1,"a\"]",[]])", 10);
    CHECK(items.has_value());
    CHECK_EQUAL(std::size_t{3}, items->size());
    CHECK_EQUAL(R"("a\"]")"s, std::string{(*items)[1].value});
    CHECK(array_slices("[]", 10)->empty());
    CHECK(!array_slices("[1,2,3]", 2));
}

TEST(what_does_not_fit_together_has_no_parts)
{
    for (const char* bad : {"", "{", "}", "{]", "x", R"({"a"})", R"({"a":})", R"({"a":1,})", R"({,})", R"({"a":1}})", R"({"a":"})",
                            R"({"a":1]})", R"({"a":1,"a":2})", R"({"\u0061":1})", R"({a:1})", R"({"a" :1})", R"({"a":[})", R"({"a":"x\"})"})
        CHECK(!object_slices(bad));
    for (const char* bad : {"[", "]", "[1,]", "[,1]", "[1", "[[]", "[\"]"})
        CHECK(!array_slices(bad, 10));
}

TEST(an_object_of_too_many_members_is_refused_and_can_still_be_searched)
{
    std::string text = "{";
    for (int i = 0; i < 100; ++i)
        text += (i ? ",\"" : "\"") + std::to_string(i) + "\":" + std::to_string(i);
    text += '}';
    CHECK(!object_slices(text));
    CHECK_EQUAL("99"s, std::string{member_of(text, "99")});
    CHECK(member_of(text, "100").empty());
}

TEST(a_text_literal_without_escapes_is_plain)
{
    CHECK_EQUAL("abc"s, std::string{*plain_text(R"("abc")")});
    for (const char* bad : {"", "\"", "abc", R"("a\n")", R"("a"b")", "12"})
        CHECK(!plain_text(bad));
}
