// YAML: values, places, and each limit with the line and column that it names.
#include "lib/yaml.h"

#include "tests/unit/test.h"

using namespace forge;
using namespace std::string_view_literals;

namespace {

std::string value_of(std::string_view text)
{
    return dump(parse_yaml(text).value());
}

// What the parser says about a text that it must refuse.
std::string refusal(std::string_view text, YamlLimits limits = {})
{
    try {
        return "accepted: " + dump(parse_yaml(text, limits).value());
    } catch (const YamlError& error) {
        return error.what();
    }
}

std::string place(Position at)
{
    return std::to_string(at.line) + ":" + std::to_string(at.column);
}

}

TEST(plain_scalars_follow_the_core_schema_of_yaml_1_2)
{
    CHECK_EQUAL(R"([null,null,null,true,false,12,-3,31,15,1.5,1000.0])"s,
                value_of("[~, null, , true, False, +12, -3, 0x1f, 0o17, 1.5, 1e3]"));
    CHECK_EQUAL(R"(["yes","no","on","2026-11-01","1.0.0","0x","1_000","-","+.","e3","12:30"])"s,
                value_of("[yes, no, on, 2026-11-01, 1.0.0, 0x, 1_000, '-', +., e3, 12:30]"));
}

TEST(quoted_scalars_are_texts)
{
    CHECK_EQUAL(R"({"a":"1","b":"true","c":"","d":"1","e":"line\n"})"s,
                value_of("a: '1'\nb: \"true\"\nc: ''\nd: !!str 1\ne: |\n  line\n"));
}

TEST(an_empty_document_is_null)
{
    CHECK_EQUAL("null"s, value_of(""));
    CHECK_EQUAL("null"s, value_of("# nothing\n"));
    CHECK_EQUAL("1:1"s, place(parse_yaml("").at("/x")));
}

TEST(members_keep_their_order_and_aliases_are_expanded)
{
    CHECK_EQUAL(R"({"z":[1,2],"a":[1,2],"m":{"k":[1,2]}})"s, value_of("z: &x [1, 2]\na: *x\nm: {k: *x}"));
}

TEST(every_node_knows_where_it_stands)
{
    const auto document = parse_yaml("id: x\nlist:\n  - one\n  - {deep: [1, 2]}\na/b: |\n  text\n");
    CHECK_EQUAL("1:1"s, place(document.at("")));
    CHECK_EQUAL("1:1"s, place(document.at("/id")));
    CHECK_EQUAL("1:5"s, place(document.value_at("/id")));
    CHECK_EQUAL("2:1"s, place(document.at("/list")));
    CHECK_EQUAL("3:5"s, place(document.at("/list/0")));
    CHECK_EQUAL("4:6"s, place(document.at("/list/1/deep")));
    CHECK_EQUAL("4:16"s, place(document.at("/list/1/deep/1")));
    CHECK_EQUAL("5:1"s, place(document.at("/" + pointer_step("a/b"))));
    CHECK_EQUAL("5:6"s, place(document.value_at("/a~1b")));
}

TEST(a_pointer_to_nothing_names_the_nearest_ancestor)
{
    const auto document = parse_yaml("id: x\nmeta:\n  title: t\n");
    CHECK_EQUAL("2:1"s, place(document.at("/meta/owner/name")));
    CHECK_EQUAL("1:1"s, place(document.at("/nothing")));
}

TEST(places_behind_an_alias_are_right)
{
    const auto document = parse_yaml("a: &x\n  k: [1, 2]\nb: *x\nc: 3\n");
    CHECK_EQUAL("3:1"s, place(document.at("/b")));
    CHECK_EQUAL("2:3"s, place(document.at("/b/k")));
    CHECK_EQUAL("4:1"s, place(document.at("/c")));
}

TEST(an_escape_that_the_parser_reads_wrongly_is_refused_at_its_place)
{
    for (const auto* const text : {"a: \"b\\N\"", "a: \"b\\_\""})
        CHECK_EQUAL("line 1, column 4: the escapes \\N and \\_ are not accepted: write \\u0085 and \\u00a0"s, refusal(text));
    CHECK(refusal("\"\\N\": 1").starts_with("line 1, column 1: the escapes"));
}

TEST(a_duplicate_key_is_refused)
{
    CHECK_EQUAL("line 3, column 1: duplicate key \"a\""s, refusal("a: 1\nb: 2\na: 3\n"));
    CHECK_EQUAL("line 1, column 8: duplicate key \"a\""s, refusal("{a: 1, \"a\": 2}"));
}

TEST(an_alias_bomb_is_refused_before_it_expands)
{
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        const auto before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int j = 1; j < 10; ++j)
            bomb += ", " + before;
        bomb += "]\n";
    }
    CHECK_EQUAL("line 4, column 45: more than 10000 nodes after expansion of aliases"s, refusal(bomb));
}

TEST(an_alias_inside_its_own_node_is_refused)
{
    CHECK_EQUAL("line 1, column 8: an alias inside the node that it names"s, refusal("a: &x [*x]"));
}

TEST(too_many_nodes_are_refused)
{
    CHECK_EQUAL("line 4, column 3: more than 4 nodes"s, refusal("- 1\n- 2\n- 3\n- 4\n", {.nodes = 4}));
    CHECK_EQUAL("accepted: [1,2,3]"s, refusal("- 1\n- 2\n- 3\n", {.nodes = 4}));
}

TEST(too_deep_a_document_is_refused_also_through_aliases)
{
    CHECK_EQUAL("line 1, column 65: nested deeper than 64"s, refusal(std::string(65, '[') + std::string(65, ']')));
    CHECK_EQUAL("accepted: [[[]]]"s, refusal("[[[]]]", {.depth = 3}));
    CHECK_EQUAL("line 2, column 7: nested deeper than 4"s,
                refusal("a: &x [[1]]\nb: [[[*x]]]\n", {.depth = 4}));
}

TEST(too_large_a_text_is_refused)
{
    CHECK_EQUAL("line 1, column 1: larger than 1048576 bytes"s, refusal("# " + std::string(1 << 20, 'x')));
}

TEST(what_is_not_utf_8_or_has_control_characters_is_refused)
{
    CHECK_EQUAL("line 2, column 4: not UTF-8"s, refusal("a: 1\nb: \xff\n"));
    CHECK_EQUAL("line 1, column 4: a control character"s, refusal("a: \x01"));
    CHECK_EQUAL("line 1, column 1: a control character"s, refusal("\0a\0:"sv));
    CHECK_EQUAL("line 1, column 4: U+0000 in a text"s, refusal("a: \"\\0\""));
}

TEST(keys_that_are_not_texts_are_refused)
{
    CHECK_EQUAL("line 1, column 1: a key that is not a text: quote it"s, refusal("1: a"));
    CHECK_EQUAL("line 1, column 1: a key that is not a text: quote it"s, refusal("true: a"));
    CHECK_EQUAL("line 1, column 10: a key that is not a text: quote \"{{…}}\""s, refusal("format: {{name}}"));
    CHECK_EQUAL("accepted: {\"1\":\"a\",\"on\":2}"s, refusal("'1': a\non: 2"));
}

TEST(merge_keys_and_tags_are_refused)
{
    CHECK_EQUAL("line 2, column 5: merge key \"<<\" is not accepted: write the members out"s,
                refusal("a: &x {k: 1}\nb: {<<: *x}"));
    CHECK_EQUAL("line 1, column 4: tag tag:yaml.org,2002:binary is not accepted"s, refusal("a: !!binary eA=="));
    CHECK_EQUAL("line 1, column 1: tag !thing is not accepted"s, refusal("!thing {a: 1}"));
}

TEST(numbers_that_json_cannot_hold_are_refused)
{
    CHECK_EQUAL("line 1, column 4: a number that is not finite has no JSON form: quote it"s, refusal("a: .inf"));
    CHECK_EQUAL("line 1, column 4: a number that is too large for JSON: quote it"s, refusal("a: 99999999999999999999"));
    CHECK_EQUAL("line 1, column 4: a number that is too large for JSON: quote it"s, refusal("a: 1e999"));
}

TEST(several_documents_are_refused)
{
    CHECK_EQUAL("line 2, column 1: more than one document in the file"s, refusal("a: 1\n---\nb: 2\n").substr(0, 54));
    CHECK_EQUAL("accepted: {\"a\":1}"s, refusal("---\na: 1\n...\n"));
}

TEST(broken_yaml_names_line_and_column)
{
    CHECK_EQUAL("line 2, "s, refusal("a: [1, 2\nb: }").substr(0, 8));
    CHECK_EQUAL("line 1, "s, refusal("a: *unknown").substr(0, 8));
}

TEST(json_files_are_strict_and_have_places)
{
    const auto document = parse_json_document("{\n\t\"a\": \"\\ud83d\\ude00\",\n\t\"b\": [1.0]\n}");
    CHECK_EQUAL("{\"a\":\"😀\",\"b\":[1.0]}"s, dump(document.value()));
    CHECK_EQUAL("3:9"s, place(parse_json_document("{\n  \"a\": 1,\n  \"b\": [1.0]\n}").at("/b/0")));
    CHECK_THROWS(YamlError, parse_json_document("{a: 1}"));
    CHECK_THROWS(YamlError, parse_json_document("{\"a\": 1, \"a\": 2}"));
}
