// What holds for every template we ship: lint, examples, prompts that read well, schemas that bound the answer.
#include "analyze/collector.h"
#include "base/text.h"
#include "catalog/lint.h"
#include "lib/yaml.h"
#include "render/handlebars.h"
#include "run/profile.h"
#include "schema/json_schema.h"
#include "tests/unit/catalog_fixture.h"

#include <algorithm>
#include <filesystem>

using namespace forge;

namespace {

std::vector<CatalogTemplate> shipped()
{
    const test::ScratchFolder folder;
    replace_file(folder / "index", load_catalog("catalog", {}).bytes);
    const auto index = CatalogIndex::map(folder / "index");
    std::vector<CatalogTemplate> all;
    for (std::size_t i = 0; i < index.size(); ++i)
        all.push_back(template_from_json(parse_json(index.entry(i).text, {.depth = 512})));
    return all;
}

struct Prompts {
    std::string system;
    std::string user;
};

// As a run makes them, without files: own keys, profile, what was collected, arguments.
Prompts prompts(const CatalogTemplate& source, const Json& args, const Json& profile)
{
    Json context = source.source.deep_copy();
    const auto collected = run_collector(
        {.name = source.collector, .settings = source.collector_args, .args = args, .limits = {}}).collected;
    context.set("profile", profile).set("collected", collected);
    for (const auto& [name, value] : args.members())
        context.set(name, value);
    return {Handlebars::compile(source.system).render(context), Handlebars::compile(source.user).render(context)};
}

// A label without its value ends in a blank; what optional lines leave behind is a run of empty ones.
std::string fault_of(const std::string& prompt)
{
    if (trim(prompt).empty())
        return "is empty";
    if (prompt.find("{{") != prompt.npos || prompt.find("}}}}") != prompt.npos)
        return "has a tag left";
    if (prompt.find("\n\n\n") != prompt.npos)
        return "has empty lines in a row";
    for (const auto line : split(prompt, '\n'))
        if (line.ends_with(' ') || line.ends_with('\t'))
            return "has a line that ends in a blank: " + std::string{line};
    return {};
}

void check_prompts_read_well(const CatalogTemplate& source, const Json& args, const std::string& what)
{
    const auto [system, user] = prompts(source, args, load_profile("config/profiles", "vault"));
    for (const auto& prompt : {system, user})
        if (const auto fault = fault_of(prompt); !fault.empty())
            CPPUNIT_FAIL(source.id + ", " + what + ": a prompt " + fault + "\n" + prompt);
}

// Calls with each object that has a "path" and a "quote".
template <class Visit>
void each_quote(const Json& json, const Visit& visit)
{
    if (json["quote"].is_string())
        visit(std::string{json["path"].as_text()}, std::string{json["quote"].as_text()});
    for (const auto& item : json.items())
        each_quote(item, visit);
    for (const auto& [name, value] : json.members())
        each_quote(value, visit);
}

// A model that follows the schema cannot answer without end, nor with members of its own.
void check_bounded(const std::string& id, const Json& schema)
{
    const auto type = schema["type"].as_text();
    const bool is_closed = schema["additionalProperties"] && schema["additionalProperties"] != Json{true};
    const bool is_listed = schema["pattern"] || schema["format"] || schema["enum"] || schema["const"];
    if ((type == "object" && !is_closed) || (type == "array" && !schema["maxItems"])
        || (type == "string" && !schema["maxLength"] && !is_listed))
        CPPUNIT_FAIL(id + " leaves this open: " + dump(schema));
    for (const auto& [name, value] : schema.members())
        if (value.is_object() && name != "const" && name != "default")
            check_bounded(id, value);
}

long count_where(const Json& list, const char* member, const std::string& word)
{
    const auto items = list.items();
    return std::ranges::count_if(items, [&](const Json& item) { return item[member].as_text() == word; });
}

// {"high":2,…} says how many of a list have that word in a member.
void check_counts(const std::string& id, const Json& counts, const Json& list, const char* member)
{
    for (const auto& [word, count] : counts.members())
        CPPUNIT_ASSERT_EQUAL_MESSAGE(id + " counts " + word, count_where(list, member, word),
                                     static_cast<long>(count.as_integer()));
}

}

TEST(lint_finds_nothing_in_the_shipped_catalog)
{
    for (const auto& problem : lint_catalog("catalog").problems.items())
        if (problem["code"].as_text() != "review_old")   // that comes with time
            CPPUNIT_FAIL(dump(problem));
}

TEST(at_least_sixteen_useful_templates_are_shipped)
{
    const auto all = shipped();
    const auto demos = std::ranges::count_if(all, [](const auto& each) { return each.id.starts_with("demo."); });
    CHECK(all.size() - static_cast<std::size_t>(demos) >= 16);
}

TEST(each_shipped_template_says_who_answers_for_it_and_guards_secrets)
{
    for (const auto& each : shipped()) {
        CHECK(!each.owner.empty() && !each.reviewed.empty() && !each.tags.empty() && !each.title.empty());
        CHECK(each.risk == TemplateRisk::read_only || each.risk == TemplateRisk::advisory);
        CHECK(dump(each.guards["input"]).find("secrets") != std::string::npos);
        CHECK(dump(each.guards["output"]).find("secrets") != std::string::npos);
        CHECK(find_collector(each.collector));
        CHECK(each.inputs["additionalProperties"] == Json{false});
    }
}

TEST(each_argument_of_a_shipped_template_is_described_and_bounded)
{
    for (const auto& each : shipped())
        for (const auto& [name, schema] : each.inputs["properties"].members()) {
            CPPUNIT_ASSERT_MESSAGE(each.id + " describes " + name, !schema["description"].as_text().empty());
            if (schema["format"].as_text() != "forge-evidence")
                check_bounded(each.id + " " + name, schema);
        }
}

TEST(no_missing_argument_of_a_shipped_template_is_replaced_by_a_key_of_the_template)
{
    for (const auto& each : shipped())
        for (const auto& [name, schema] : each.inputs["properties"].members())
            CPPUNIT_ASSERT_MESSAGE(each.id + " has a key of the name of its argument " + name,
                                   !each.source[name] || schema["default"]);
}

TEST(the_answers_of_shipped_templates_are_bounded)
{
    for (const auto& each : shipped()) {
        CHECK(each.output);
        check_bounded(each.id, each.output);
    }
}

TEST(each_shipped_example_renders_and_its_answer_validates)
{
    for (const auto& each : shipped()) {
        const auto inputs = JsonSchema::compile(each.inputs);
        const auto output = JsonSchema::compile(each.output);
        CHECK(each.examples.size() >= 1);
        for (const auto& example : each.examples.items()) {
            const Json args = inputs.with_defaults(example["args"]);
            CHECK(inputs.validate(args).empty());
            check_prompts_read_well(each, args, "its example");
            for (const auto& issue : output.validate(example["output"]))
                CPPUNIT_FAIL(each.id + " output" + issue.path + " " + issue.message);
        }
    }
}

TEST(the_prompts_of_shipped_templates_read_well_without_each_optional_argument)
{
    for (const auto& each : shipped()) {
        const auto inputs = JsonSchema::compile(each.inputs);
        const Json args = each.examples.at(0)["args"];
        Json least = args.deep_copy();
        for (const auto& [name, value] : args.members()) {
            Json fewer = args.deep_copy();
            fewer.remove(name);
            if (!inputs.validate(inputs.with_defaults(fewer)).empty())
                continue;   // required, or the only evidence
            check_prompts_read_well(each, inputs.with_defaults(fewer), "without " + name);
            if (least.remove(name); !inputs.validate(inputs.with_defaults(least)).empty())
                least.set(name, value);
        }
        check_prompts_read_well(each, inputs.with_defaults(least), "with the least");
    }
}

TEST(what_shipped_examples_quote_stands_in_their_evidence)
{
    for (const auto& each : shipped())
        for (const auto& example : each.examples.items())
            each_quote(example["output"], [&](const std::string& path, const std::string& quote) {
                const auto argument = each.collector_args["texts"][path].as_text();
                const auto text = example["args"][argument].as_text();
                CPPUNIT_ASSERT_MESSAGE(each.id + " quotes " + path + ": " + quote,
                                       text.find(quote) != std::string_view::npos);
            });
}

TEST(the_sums_in_shipped_examples_are_right)
{
    for (const auto& each : shipped())
        for (const auto& example : each.examples.items()) {
            const Json output = example["output"];
            check_counts(each.id, output["summary"], output["findings"], "severity");
            if (output["requirements"])
                check_counts(each.id, output["counts"], output["requirements"], "status");
        }
}

TEST(each_shipped_profile_has_a_voice_that_reads_well)
{
    int profiles = 0;
    for (const auto& file : std::filesystem::directory_iterator{"config/profiles"}) {
        const Json profile = load_profile("config/profiles", file.path().stem());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(file.path(), ""s, fault_of(std::string{profile["voice"].as_text()}));
        CHECK(profile["style"].is_object() && profile["defaults"].is_object());
        ++profiles;
    }
    CHECK(profiles >= 4);
}

TEST(the_defaults_of_shipped_profiles_suit_the_templates_that_know_them)
{
    for (const auto& file : std::filesystem::directory_iterator{"config/profiles"})
        for (const auto& [name, value] : load_profile("config/profiles", file.path().stem())["defaults"].members())
            for (const auto& each : shipped())
                if (const Json schema = each.inputs["properties"][name])
                    for (const auto& issue : JsonSchema::compile(schema).validate(value))
                        CPPUNIT_FAIL(each.id + " " + name + " " + issue.message);
}
