// Every rule of lint: a file that breaks it, and where lint says so.
#include "catalog/read_template.h"

#include "render/handlebars.h"
#include "tests/unit/catalog_fixture.h"

#include <set>

using namespace forge;
using forge::test::problem_places;
using forge::test::ScratchCatalog;
using forge::test::template_text;

namespace {

// The template of the fixture with a part replaced.
std::string changed(const std::string& from, const std::string& to)
{
    auto text = template_text("test.a");
    const auto at = text.find(from);
    CHECK(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

const std::string foreign = "id: old.one\nversion: 1.0.0\nkeyword: one\ntitle: Old\npurpose: Old things.\n"
                            "safety_classification: read-only\nexamples: [{args: {a: x}}]\n"
                            "inputs:\n  a: string\nprompt:\n  user: |\n    {{a}}\noutputs: {schema: {type: object}}\nowner: o\nreviewed: 2026-11-01\n";

std::string foreign_with(const std::string& from, const std::string& to)
{
    auto text = foreign;
    const auto at = text.find(from);
    CHECK(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::vector<std::string> found_in(const std::string& text, const std::string& path = "a.yaml")
{
    const test::ScratchFolder empty;
    SchemaFiles schemas{empty.path()};
    Json list = Json::array();
    for (const auto& problem : read_template(path, text, schemas).problems)
        list.append(to_json(problem));
    return problem_places(list);
}

struct Case {
    std::string text;
    std::string expected;
};

// One of each rule that one file alone can break.
std::vector<Case> cases()
{
    return {
        {changed("output: {", "collector: {name: nobody}\noutput: {"), "collector_unknown a.yaml:19:13"},
        {foreign_with("version: 1.0.0", "version: v1.0"), "dialect_version a.yaml:2:1"},
        {changed("{message: hello}", "{message: 1}"), "example_args a.yaml:22:12"},
        {changed("{said: hello}", "{}"), "example_output a.yaml:23:5"},
        {changed("Say {{message}}", "{{guards}}"), "example_render a.yaml:22:5"},
        {foreign_with("examples: [{args: {a: x}}]\n", ""), "examples_missing a.yaml:1:1"},
        {changed("reviewed: 2026-11-01", "reviewed: soon"), "field_invalid a.yaml:7:1"},
        {changed("owner: team@example.org\n", ""), "field_invalid a.yaml:1:1"},
        {changed("forge: 1", "colour: red\nforge: 1"), "field_unknown a.yaml:1:1"},
        {changed("forge: 1", "forge: 2"), "field_unusable a.yaml:1:1"},
        {changed("risk: read-only", "risk: none"), "field_unusable a.yaml:9:1"},
        {"forge: 1\nid: [\n", "file_invalid a.yaml:3:1"},
        {changed("id: test.a", "id: Test/a"), "id_invalid a.yaml:2:1"},
        {changed("type: string, maxLength: 100", "type: strong"), "inputs_invalid a.yaml:14:15"},
        {foreign_with("{{a}}", "x {% for %}"), "jinja_untranslatable a.yaml:12:7"},
        {"colour: red\n", "not_a_template a.yaml:1:1"},
        {changed("{said: {type: string}}", "{said: {type: strong}}"), "output_invalid a.yaml:19:71"},
        {foreign_with("outputs: {schema: {type: object}}", "outputs: {}"), "output_missing a.yaml:13:1"},
        {foreign_with("owner: o\n", ""), "owner_missing a.yaml:1:1"},
        {foreign_with("prompt:", "prescan: {name: secrets_audit, script: rm}\nprompt:"), "prescan_script a.yaml:10:1"},
        {foreign_with("prompt:", "prescan: {name: nobody}\nprompt:"), "prescan_unknown a.yaml:10:11"},
        {changed("2026-11-01", "2999-01-01"), "review_future a.yaml:7:1"},
        {foreign_with("reviewed: 2026-11-01", "reviewed: soon"), "review_missing a.yaml:15:1"},
        {foreign_with("reviewed: 2026-11-01\n", ""), "review_missing a.yaml:1:1"},
        {changed("2026-11-01", "2020-01-01"), "review_old a.yaml:7:1"},
        {foreign_with("safety_classification: read-only", "quality_gates: {}"), "risk_missing a.yaml:1:1"},
        {foreign_with("safety_classification: read-only", "safety_classification: wild"), "risk_unknown a.yaml:6:1"},
        {foreign_with("{schema: {type: object}}", "{schema_ref: ../secret.json}"), "schema_outside a.yaml:13:11"},
        {foreign_with("{schema: {type: object}}", "{schema_ref: schemas/x.json}"), "schema_unresolved a.yaml:13:11"},
        {changed("Answer shortly.", "Answer {{message}}."), "system_untrusted a.yaml:16:11"},
        {changed("Answer shortly.", "Answer {{jsonStringify this}}."), "system_untrusted a.yaml:16:11"},
        {changed("Answer shortly.", "Answer {{#each @root}}{{jsonStringify this}}{{/each}}."), "system_untrusted a.yaml:16:11"},
        {changed("Say {{message}}", "Say {% for x in y %}"), "jinja_untranslatable a.yaml:18:9"},
        {changed("Say {{message}}", "Say\n    so {{shout message}}"), "template_syntax a.yaml:19:10"},
        {changed("Say {{message}}", "Say {{massage}}"), "variable_unknown a.yaml:18:11"},
        {changed("version: 1.0.0", "version: 1.0"), "version_invalid a.yaml:3:1"},
    };
}

}

TEST(the_fixtures_break_no_rule)
{
    CHECK(found_in(template_text("test.a")).empty());
    CHECK(found_in(foreign).empty());
}

TEST(each_rule_names_the_place_where_it_is_broken)
{
    for (const auto& [text, expected] : cases()) {
        const auto found = found_in(text);
        CHECK_EQUAL(expected, found.empty() ? "nothing in:\n" + text : found.front());
    }
}

TEST(every_rule_of_the_table_has_a_test)
{
    std::set<std::string, std::less<>> tested{"duplicate", "keyword_taken", "symlink_escapes", "file_limit",
                                              "file_unreadable",   // catalog_load_test.cc
                                              "dialect_foreign", "profile_default_refused", "profile_default_unused",
                                              "profile_field_unknown", "profile_invalid", "profile_name",
                                              "version_recorded"};   // catalog_lint_test.cc
    for (const auto& each : cases())
        tested.insert(each.expected.substr(0, each.expected.find(' ')));
    for (const auto& rule : rules())
        CHECK_EQUAL(std::string{rule.code}, *tested.emplace(rule.code).first);
    CHECK_EQUAL(rules().size(), tested.size());
}

TEST(only_what_keeps_a_run_from_working_makes_a_template_unusable)
{
    const test::ScratchFolder empty;
    SchemaFiles schemas{empty.path()};
    const auto usable = [&](const std::string& text) { return read_template("a.yaml", text, schemas).value->usable; };
    CHECK(usable(template_text("test.a")));
    CHECK(usable(changed("owner: team@example.org\n", "")));
    CHECK(usable(changed("Answer shortly.", "Answer {{message}}.")));
    CHECK(!usable(changed("Say {{message}}", "Say {{message")));
    CHECK(!usable(changed("forge: 1", "forge: 2")));
    CHECK(!usable(changed("risk: read-only", "risk: none")));
}

TEST(an_argument_with_listed_values_may_stand_in_the_system_prompt)
{
    CHECK(found_in(changed("{type: string, maxLength: 100}", "{enum: [hello, bye]}")).empty());
    auto text = changed("{type: string, maxLength: 100}", "{enum: [hello, bye]}");
    text.replace(text.find("Answer shortly."), 15, "Say {{message}}.");
    CHECK(found_in(text).empty());
}

TEST(a_list_of_listed_values_may_stand_there_too)
{
    auto text = changed("{type: string, maxLength: 100}", "{type: array, items: {enum: [hello, bye]}}");
    text.replace(text.find("Answer shortly."), 15, "Say {{#each message}}{{this}}{{/each}}.");
    text.replace(text.find("Say {{message}}\n"), 16, "Say {{jsonStringify message}}\n");
    text.replace(text.find("message: hello"), 14, "message: [hello]");
    CHECK((found_in(text) == std::vector<std::string>{}));
    text.replace(text.find("{enum: [hello, bye]}"), 20, "{type: string}      ");
    CHECK_EQUAL("system_untrusted a.yaml:16:11"s, found_in(text).front());
}

TEST(conditions_of_jinja_are_translated_in_our_format_too)
{
    auto text = changed("Say {{message}}", "Say {% if message == \"hello\" %}it{% endif %}");
    CHECK((found_in(text) == std::vector<std::string>{}));
    const test::ScratchFolder empty;
    SchemaFiles schemas{empty.path()};
    const auto value = *read_template("a.yaml", text, schemas).value;
    const auto said = [&](const char* message) {
        return Handlebars::compile(value.user, value.syntax).render(Json::object({{"message", message}}));
    };
    CHECK_EQUAL("Say it\n"s, said("hello"));
    CHECK_EQUAL("Say \n"s, said("bye"));
}

TEST(json_files_are_templates_too)
{
    const test::ScratchFolder empty;
    SchemaFiles schemas{empty.path()};
    const auto text = dump_pretty(parse_yaml(template_text("test.a")).value());
    CHECK(found_in(text, "a.json").empty());
    CHECK(found_in("{\n  \"id\": \"x\",\n  \"id\": \"y\"\n}", "a.json").front().starts_with("file_invalid a.json:3:"));
    CHECK_EQUAL("test.a"s, read_template("a.json", text, schemas).value->id);
}
