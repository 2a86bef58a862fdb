// schema/json_schema.h: what the official suite does not ask: messages, bad schemas, limits, defaults, bundles.
#include "schema/json_schema.h"

#include "tests/unit/test.h"

namespace {

using namespace forge;

JsonSchema compiled(std::string_view text, const SchemaOptions& options = {})
{
    return JsonSchema::compile(parse_json(text), options);
}

// "PATH MESSAGE" of each issue, joined by "; ".
std::string issues(std::string_view schema, std::string_view value)
{
    std::string text;
    for (const auto& issue : compiled(schema).validate(parse_json(value)))
        text += (text.empty() ? "" : "; ") + issue.path + " " + issue.message;
    return text;
}

std::string refusal(std::string_view schema)
try {
    compiled(schema);
    return "none";
} catch (const SchemaError& error) {
    return error.what();
}

constexpr std::string_view vendor = R"({
    "type": "object", "required": ["vendor_name", "criticality"], "additionalProperties": false,
    "properties": {
        "vendor_name": {"type": "string", "minLength": 1, "maxLength": 8},
        "criticality": {"enum": ["low", "high"], "default": "low"},
        "evidence": {"type": "string", "format": "forge-evidence"},
        "regions": {"type": "array", "items": {"type": "string", "format": "forge-evidence"}, "default": ["eu"]}}})";

}

TEST(a_valid_value_has_no_issues)
{
    CHECK_EQUAL(""s, issues(vendor, R"({"vendor_name": "Acme", "criticality": "low"})"));
}

TEST(issues_name_the_path_and_say_what_is_asked)
{
    CHECK_EQUAL("/vendor_name is required; /criticality is required"s, issues(vendor, "{}"));
    CHECK_EQUAL("/criticality must be \"low\" or \"high\"; /x is not declared"s,
                issues(vendor, R"({"vendor_name": "Acme", "criticality": "odd", "x": 1})"));
    CHECK_EQUAL("/vendor_name must not be empty; /regions/1 must be a string, not a number"s,
                issues(vendor, R"({"vendor_name": "", "criticality": "low", "regions": ["a", 1]})"));
    CHECK_EQUAL("/vendor_name must have at most 8 characters"s,
                issues(vendor, R"({"vendor_name": "123456789", "criticality": "low"})"));
    CHECK_EQUAL(" must be an object, not an array"s, issues(vendor, "[]"));
    CHECK_EQUAL("/a~1b must be at least 3"s, issues(R"({"properties": {"a/b": {"minimum": 3}}})", R"({"a/b": 2.5})"));
    CHECK_EQUAL(" must be a date such as 2026-11-23"s, issues(R"({"format": "date"})", "\"2026-02-30\""));
    CHECK_EQUAL(" must not have equal items, as 0 and 2 are"s, issues(R"({"uniqueItems": true})", "[1, 2, 1.0]"));
}

TEST(alternatives_say_what_they_ask)
{
    constexpr auto choice = R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}]})";
    CHECK_EQUAL(" must be a string, not true or false, or must be an array, not true or false"s, issues(choice, "true"));
    CHECK_EQUAL("/1 must be an integer, not null"s, issues(choice, "[1, null]"));
    CHECK_EQUAL("/b is required"s, issues(R"({"oneOf": [{"type": "null"}, {"required": ["b"]}]})", "{}"));
    CHECK_EQUAL(" must have a or b"s, issues(R"({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]})", "{}"));
    CHECK_EQUAL(" must have one of the 2 forms that are allowed"s,
                issues(R"({"oneOf": [{"required": ["a", "b"]}, {"required": ["c"]}]})", "{}"));
    CHECK_EQUAL(" must have exactly one of the 2 forms that are allowed, and has 2"s, issues(R"({"oneOf": [{}, {}]})", "1"));
    CHECK_EQUAL(" must be at least 3"s, issues(R"({"anyOf": [{"minimum": 3}]})", "1"));
}

TEST(an_issue_names_the_keyword_of_the_schema)
{
    const auto found =
        compiled(R"({"properties": {"a": {"$ref": "#/$defs/text"}}, "$defs": {"text": {"type": "string"}}})")
            .validate(parse_json(R"({"a": 1})"));
    CHECK_EQUAL(std::size_t{1}, found.size());
    CHECK_EQUAL("#/$defs/text/type"s, found.front().schema_path);
}

TEST(a_bad_schema_is_refused_with_the_pointer_to_the_bad_part)
{
    CHECK_EQUAL("/properties/a/type: unknown type \"strnig\""s,
                refusal(R"({"properties": {"a": {"type": "strnig"}}})"));
    CHECK_EQUAL("/$ref: leads to #/$defs/x, which is not there"s, refusal(R"({"$ref": "#/$defs/x"})"));
    CHECK_EQUAL("/$ref: leads to http://example.org/x, which is not there (only local references are followed)"s,
                refusal(R"({"$ref": "http://example.org/x"})"));
    CHECK_EQUAL("/items/pattern: pattern (?=x): lookahead (?= is not supported"s,
                refusal(R"~({"items": {"pattern": "(?=x)"}})~"));
    CHECK_EQUAL("/minLength: must be a whole number of at least 0"s, refusal(R"({"minLength": -1})"));
    CHECK_EQUAL("/properties/a: must be a schema: an object, true or false"s, refusal(R"({"properties": {"a": 5}})"));
    CHECK_EQUAL("/required: must be a list of names"s, refusal(R"({"required": "a"})"));
    CHECK_EQUAL("/$schema: is https://example.org/draft; draft-07 and 2020-12 are supported"s,
                refusal(R"({"$schema": "https://example.org/draft"})"));
    CHECK_EQUAL("(root): must be a schema: an object, true or false"s, refusal("[]"));
}

TEST(a_value_that_takes_too_many_steps_is_invalid)
{
    CHECK_EQUAL(" is too complex to be checked against its schema"s, issues(R"({"$ref": "#"})", "1"));
    const auto twice = compiled(R"({"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}],
        "$defs": {"a": {"not": {"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}}}})");
    CHECK_EQUAL(std::size_t{1}, twice.validate(Json{1}).size());
}

TEST(issues_are_bounded)
{
    Json many = Json::array();
    for (int i = 0; i < 1000; ++i)
        many.append(i);
    CHECK_EQUAL(std::size_t{20}, compiled(R"({"items": {"type": "string"}})").validate(many).size());
}

TEST(the_places_of_a_format_are_found)
{
    const auto found = compiled(vendor).locations_of_format(
        parse_json(R"({"vendor_name": "A", "criticality": "low", "evidence": "evidence:1", "regions": ["x", "y"]})"),
        "forge-evidence");
    CHECK_EQUAL(std::size_t{3}, found.size());
    CHECK_EQUAL("/evidence"s, found[0]);
    CHECK_EQUAL("/regions/0"s, found[1]);
    CHECK_EQUAL("/regions/1"s, found[2]);
}

TEST(defaults_fill_what_is_missing_only)
{
    const Json filled = compiled(vendor).with_defaults(parse_json(R"({"criticality": "high"})"));
    CHECK_EQUAL(R"({"criticality":"high","regions":["eu"]})"s, dump(filled));
}

TEST(properties_are_listed_in_their_order)
{
    const auto list = compiled(vendor).properties();
    CHECK_EQUAL(std::size_t{4}, list.size());
    CHECK_EQUAL("vendor_name"s, list[0].name);
    CHECK(list[0].required);
    CHECK_EQUAL("regions"s, list[3].name);
    CHECK(!list[3].required);
}

TEST(an_entry_selects_a_part_of_a_document)
{
    const std::string_view document =
        R"({"definitions": {"a": {"b": {"type": "object", "properties": {"x": {"$ref": "#/definitions/text"}}}}, "text": {"type": "string"}}})";
    const auto schema = compiled(document, {.default_draft = schema::Draft::draft7, .entry = "/definitions/a/b"});
    CHECK(schema.accepts(parse_json(R"({"x": "y"})")));
    CHECK(!schema.accepts(parse_json(R"({"x": 1})")));
    CHECK_EQUAL(
        R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"x":{"$ref":"#/definitions/text"}},"definitions":{"text":{"type":"string"}}})"s,
        dump(schema.bundled()));
}

TEST(a_bundle_says_the_same_as_its_parts)
{
    const auto resolver = [](const std::string& uri) -> std::optional<Json> {
        if (uri != "file:///schemas/node.json")
            return std::nullopt;
        return parse_json(
            R"({"type": "object", "properties": {"next": {"$ref": "#"}, "name": {"$ref": "#name"}}, "$defs": {"n": {"$anchor": "name", "type": "string"}}})");
    };
    const auto parts = compiled(R"({"$ref": "node.json", "required": ["name"]})",
                                {.uri = "file:///schemas/main.json", .resolver = resolver});
    const auto whole = JsonSchema::compile(parts.bundled());
    CHECK_EQUAL(dump(parts.bundled()), dump(whole.bundled()));
    for (const auto* value : {R"({"name": "a", "next": {"next": {"name": "b"}}})",
                              R"({"name": "a", "next": {"name": 5}})", R"({"next": {}})", "1"})
        CHECK_EQUAL(parts.accepts(parse_json(value)), whole.accepts(parse_json(value)));
    CHECK(!whole.accepts(parse_json(R"({"name": "a", "next": {"name": 5}})")));
}

TEST(multiples_are_those_of_the_written_decimals)
{
    const auto cents = compiled(R"({"multipleOf": 0.01})");
    CHECK(cents.accepts(parse_json("19.99")));
    CHECK(cents.accepts(parse_json("4.35")));
    CHECK(!cents.accepts(parse_json("4.355")));
    CHECK(cents.accepts(parse_json("1e300")));
    CHECK(cents.accepts(parse_json("-0.07")));
}
