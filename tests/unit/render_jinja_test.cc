// render/jinja.h: what is translated, what is refused; and the templates that were found in the wild.
#include "render/jinja.h"

#include <filesystem>

#include "lib/yaml.h"
#include "os/file.h"
#include "render/handlebars.h"
#include "tests/unit/test.h"

namespace {

using namespace forge;

std::string rendered(std::string_view text, std::string_view context)
{
    const auto translation = translate_jinja(text);
    CHECK(translation.problems.empty());
    return Handlebars::compile(translation.text, Syntax::with_translated_jinja).render(parse_json(context));
}

std::string problem(std::string_view text)
{
    const auto translation = translate_jinja(text);
    if (translation.problems.empty())
        return "none";
    const auto& [line, column, reason] = translation.problems.front();
    return std::to_string(line) + ":" + std::to_string(column) + " " + reason;
}

}

TEST(conditions_of_jinja_are_translated)
{
    constexpr auto text =
        R"({% if focus == "a" or focus == 'all' %}A{% elif focus != "b" and n == 2 %}B{% else %}C{% endif %})";
    CHECK_EQUAL("A"s, rendered(text, R"({"focus": "all"})"));
    CHECK_EQUAL("B"s, rendered(text, R"({"focus": "x", "n": 2})"));
    CHECK_EQUAL("C"s, rendered(text, R"({"focus": "b", "n": 2})"));
    CHECK_EQUAL("yes"s, rendered("{%- if a.b -%} yes {%- endif -%}", R"({"a": {"b": true}})"));
    CHECK_EQUAL("x\n"s, rendered("{% if a %}\nx\n{% endif %}\n", R"({"a": 1})"));
}

TEST(other_jinja_is_a_problem_with_its_place)
{
    CHECK_EQUAL("2:3 {% for %} is not supported"s, problem("é\nä {% for x in xs %}"));
    CHECK_EQUAL("1:1 a tag {% is not closed"s, problem("{% if x"));
    CHECK_EQUAL("1:1 unexpected \"is\" in a condition"s, problem("{% if x == is %}"));
    CHECK_EQUAL("1:1 a condition may hold names, quoted texts, numbers, ==, !=, and, or"s,
                problem("{% if x|length %}"));
    CHECK_EQUAL("1:1 unexpected \"> 3\" in a condition"s, problem("{% if x > 3 %}"));
    CHECK_EQUAL("none"s, problem("plain {{x}}"));
    CHECK(!translate_jinja("plain").has_jinja);
}

TEST(internal_functions_are_unknown_in_plain_templates)
{
    CHECK_THROWS(TemplateError, Handlebars::compile("{{#if (eq a \"x\")}}{{/if}}"));
}

TEST(all_samples_of_the_wild_compile_and_render)
{
    const Json context = parse_json(
        R"({"purpose": "p", "profile": {"voice": "v"}, "quality_checklist": ["q1", "q2"], "evidence_paths": ["e"],
        "outputs": {"schema_ref": "s"}, "evidence": [{"a": 1}], "questionnaires": {}, "sources": ["s"], "regions": ["eu"], "data_categories": [],
        "business_services": ["b"], "pci_requirements": ["1", "2"], "eval_focus": "all", "consciousness_type": "guardian", "schema": "{}"})");
    int prompts = 0;
    for (const auto& file : std::filesystem::directory_iterator{test::test_data("catalog-samples")}) {
        const Json document = parse_yaml(read_file(file.path())).value();
        for (const auto* key : {"prompt", "prompts"})
            for (const auto& [role, text] : document[key].members()) {
                const std::string result = rendered(text.as_text(), dump(context));
                CPPUNIT_ASSERT_MESSAGE(file.path().string() + " " + role,
                                       result.find("{{") == std::string::npos
                                           && result.find("{%") == std::string::npos && !result.empty());
                ++prompts;
            }
    }
    CHECK(prompts >= 12);
}
