// Templates of others in our format: what becomes of each dialect, what is said of the rest, and what is never written.
#include "catalog/import_catalog.h"

#include "catalog/lint.h"
#include "catalog/read_template.h"
#include "catalog/yaml_text.h"
#include "tests/unit/catalog_fixture.h"
#include "tests/unit/random_json.h"
#include "tests/unit/seed.h"

#include <algorithm>

using namespace forge;
using forge::test::problem_places;
using forge::test::ScratchCatalog;
using forge::test::template_text;

namespace {

// One of each dialect that says everything ours asks for.
struct Sample {
    const char* dialect;
    std::string text;
};

const std::string told = "owner: team@example.org\nreviewed: 2026-11-01\n";

const Sample samples[] = {
    {"classic",
     told + "id: old.classic\nversion: 1.0.0\nkeyword: classic\ntitle: Classic\npurpose: Says what it was told.\n"
            "risk: advisory\ntags: [old]\nquality_checklist: [Say it]\n"
            "inputs:\n  topic: {type: string, required: true}\n  scope: {type: enum, values: [short, long], default: short}\n"
            "  sources: {type: array, items: {type: string}}\n"
            "prompt:\n  system: |\n    Be short.\n  user: |\n    {{profile.voice}}\n    {{purpose}} {{topic}} {{scope}}\n"
            "    {{#if sources}}{{#each sources}}- {{this}}\n    {{/each}}{{/if}}\n    {{#each quality_checklist}}{{this}}{{/each}}\n"
            "outputs: {schema_ref: schemas/out.json#/definitions/a}\n"
            "examples: [{args: {topic: x}, output: {}}]\n"},
    {"dora",
     told + "id: old.dora\nversion: 1.0.0\npurpose: Says.\nmeta: {title: Dora, safety: read-only, tags: [dora]}\n"
            "guardrails: {temperature: 0.1, max_tokens: 300}\n"
            "inputs: {type: object, required: [vendor], properties: {vendor: {type: string}, data: {type: object}}}\n"
            "prescan: {name: secrets_audit}\n"
            "prompt: {system: Be short., user: \"{{vendor}} {{jsonStringify data}}\"}\n"
            "outputs: {schema: {type: object}}\nexamples: [{args: {vendor: x}, output: {}}]\n"},
    {"pci",
     told + "id: old.pci\nversion: 1.0.0\npurpose: Says.\ntags: []\nsafety: {classification: read-only}\n"
            "inputs:\n  rules: {type: array, items: {type: string}, required: true, default: [Req 1, Req 2]}\n"
            "prompt: {user: \"{{#each rules}}{{this}};{{/each}}\"}\n"
            "outputs: {schema: {type: object}}\nexamples: [{args: {}, output: {}}]\n"},
    {"spectrum",
     told + "id: old.spectrum\nversion: 1.0.0\npurpose: Says.\nsafety_classification: read-only\ntags: [spectrum]\n"
            "inputs:\n  hash: {type: string, required: true, pattern: '^[a-f0-9]{64}$'}\n"
            "  focus: {type: enum, values: [all, some, none], default: all}\n"
            "prompt:\n  user: |\n    {{hash}}\n    {% if focus == \"all\" or focus == \"some\" %}\n    - {{focus}}\n    {% endif %}\n"
            "outputs: {schema: {type: object}}\nexamples: [{args: {hash: " + std::string(64, 'a') + "}, output: {}}]\n"},
    {"ritual",
     told + "id: old.ritual\nversion: 2.0.0\npurpose: Says.\ntags: []\nguardrails: {level: read-only}\n"
            "inputs:\n  - {name: text, type: string, required: true}\n  - {name: form, type: enum, enum: [a, b], default: a}\n"
            "prompts:\n  system: You say.\n  user: |\n    ```\n    {{ text }}\n    ```\n    {{ form }}\n"
            "outputs: {type: object, required: [ok], properties: {ok: {type: boolean}}}\n"
            "examples: [{args: {text: x}, output: {ok: true}}]\n"},
};

class ScratchImport : public ScratchCatalog {
public:
    std::string out() const { return *this / "out"; }
    ImportReport import(const ImportOptions& options = {}) const { return import_catalog(root(), out(), options); }
    std::string text(const std::string& name) const { return read_file(out() + "/" + name); }
};

ImportedTemplate imported(const std::string& text, const ImportWishes& wishes = {})
{
    const test::ScratchFolder empty;
    SchemaFiles schemas{empty.path()};
    return import_template(*read_template("a.yaml", text, schemas).value, wishes);
}

bool says(const std::vector<std::string>& notes, std::string_view part)
{
    return std::ranges::any_of(notes, [&](const auto& note) { return note.find(part) != note.npos; });
}

}

TEST(each_dialect_becomes_a_template_of_ours_without_a_fault)
{
    const ScratchImport catalog;
    catalog.write("schemas/out.json", R"({"definitions":{"a":{"type":"object","properties":{"x":{"$ref":"#/definitions/b"}}},"b":{}}})");
    for (const auto& [dialect, text] : samples)
        catalog.write(std::string{dialect} + ".yaml", text);
    const auto report = catalog.import();
    CHECK(report.is_complete());
    CHECK_EQUAL(std::size(samples), report.files.size());
    for (const auto& file : report.files) {
        CHECK_EQUAL(file.path, file.dialect + ".yaml");
        CHECK(file.outcome == ImportOutcome::written);
    }
    CHECK((problem_places(lint_catalog(catalog.out()).problems) == std::vector<std::string>{}));
}

TEST(an_imported_template_renders_the_same_prompts)
{
    const test::ScratchFolder empty;
    SchemaFiles schemas{empty.path()};
    for (const auto& [dialect, text] : samples) {
        const auto source = *read_template("a.yaml", text, schemas).value;
        const auto ours = yaml_text(import_template(source).value);
        const auto result = *read_template("a.yaml", ours, schemas).value;
        CHECK(result.dialect == Dialect::forge);
        CHECK_EQUAL(""s, difference_in_prompts(source, result));
        auto changed = result;
        changed.user += "!";
        CHECK(difference_in_prompts(source, changed).starts_with("prompts.user is another one"));
        changed = result;
        changed.inputs = parse_json(R"({"type":"object","properties":{},"additionalProperties":false})");
        CHECK(!difference_in_prompts(source, changed).empty());
    }
}

TEST(all_samples_are_imported_and_render_the_same)
{
    const ScratchImport catalog;
    const auto report = import_catalog(test::test_data("catalog-samples"), catalog.out());
    CHECK(report.is_complete());
    CHECK_EQUAL(std::size_t{8}, report.files.size());
    const auto lint = lint_catalog(catalog.out());
    CHECK_EQUAL(std::size_t{8}, lint.templates);
    for (const auto& problem : lint.problems.items()) {
        // What the sources do not say: an owner, a review, an example, the schema they refer to.
        const auto code = problem["code"].as_text();
        CHECK(code == "field_invalid" || code == "field_unknown" || code == "schema_unresolved");
    }
}

TEST(what_cannot_be_translated_is_said)
{
    const std::string text = "id: x\nversion: v1\nrisk: {level: low}\nprescan: {name: nobody, run: {script: rm}}\n"
                             "inputs: {a: string}\nprompt: {user: \"{{a}}\"}\nmodel: gpt\n";
    const auto notes = imported(text).notes;
    for (const char* const part : {"version: \"v1\" is taken as 1.0.0", "purpose: the source says nothing", "owner: the source",
                                   "reviewed: the source", "inputs.a: takes a text only", "no native collector is named \"nobody\"",
                                   "its script is left out", "outputs: the source has no schema", "guards: ", "examples: ",
                                   "risk: {\"level\":\"low\"} is left out", "model: \"gpt\" is left out"})
        CHECK(says(notes, part));
    const auto wished = imported(text, {.owner = "me", .reviewed = "2026-11-02"});
    CHECK_EQUAL("me"s, std::string{wished.value["owner"].as_text()});
    CHECK_EQUAL("2026-11-02"s, std::string{wished.value["reviewed"].as_text()});
    CHECK(!says(wished.notes, "owner: ") && !says(wished.notes, "reviewed: "));
}

TEST(nothing_that_a_template_says_is_lost_without_a_word)
{
    const auto text = "id: x\nversion: 1.0.0\nmeta: {title: T, area: finance}\nguardrails: {level: read-only, checks: [one]}\n"
                      "artifacts: [{path: x}]\noutputs: {schema: {type: object}, format: json}\nprompt: {user: \"{{outputs.format}}\"}\n";
    const auto value = imported(text).value;
    CHECK_EQUAL(R"({"area":"finance"})"s, dump(value["meta"]));
    CHECK_EQUAL(R"({"checks":["one"]})"s, dump(value["guardrails"]));
    CHECK_EQUAL(R"([{"path":"x"}])"s, dump(value["artifacts"]));
    CHECK_EQUAL(R"({"schema":{"type":"object"},"format":"json"})"s, dump(value["outputs"]));   // the prompt shows it
}

TEST(a_template_whose_prompts_would_differ_is_not_written)
{
    const ScratchImport catalog;
    catalog.write("a.yaml", "id: x\nversion: v1\nprompt: {user: \"by {{version}}\"}\n");
    const auto report = catalog.import();
    CHECK(!report.is_complete());
    CHECK(report.files.front().outcome == ImportOutcome::failed);
    CHECK(says(report.files.front().notes, "prompts.user is another one"));
    CHECK(!exists(catalog.out()));
}

TEST(what_is_there_is_replaced_only_when_that_is_asked_for)
{
    const ScratchImport catalog;
    catalog.write("deep/a.yaml", samples[4].text);
    catalog.write("ours.yaml", template_text("test.ours"));
    CHECK(catalog.import({.writes = false}).files.front().outcome == ImportOutcome::written);
    CHECK(!exists(catalog.out()));
    CHECK(catalog.import().is_complete());
    CHECK(!exists(catalog.out() + "/ours.yaml"));
    CHECK(catalog.import().files.front().outcome == ImportOutcome::unchanged);
    CHECK(catalog.import().files.back().outcome == ImportOutcome::ours);
    const auto right = catalog.text("deep/a.yaml");
    replace_file(catalog.out() + "/deep/a.yaml", "mine");
    const auto report = catalog.import();
    CHECK(!report.is_complete());
    CHECK(report.files.front().outcome == ImportOutcome::exists);
    CHECK_EQUAL("mine"s, catalog.text("deep/a.yaml"));
    CHECK(catalog.import({.replaces = true}).is_complete());
    CHECK_EQUAL(right, catalog.text("deep/a.yaml"));
}

TEST(two_sources_of_one_target_do_not_overwrite_each_other)
{
    const ScratchImport catalog;
    catalog.write("a.json", dump_pretty(parse_yaml(samples[4].text).value()));
    catalog.write("a.yaml", samples[2].text);
    const auto report = catalog.import();
    CHECK(report.files.front().outcome == ImportOutcome::written);
    CHECK(report.files.back().outcome == ImportOutcome::exists);
    CHECK(catalog.text("a.yaml").find("id: old.ritual") != std::string::npos);
}

TEST(the_source_is_never_written_to)
{
    const ScratchImport catalog;
    catalog.write("a.yaml", samples[0].text);
    CHECK_THROWS(Error, import_catalog(catalog.root(), catalog.root(), {.replaces = true}));
    CHECK_THROWS(Error, import_catalog(catalog.root(), catalog.root() + "/../catalog/out"));
    CHECK_THROWS(Error, import_catalog(catalog / "nowhere", catalog.out()));
}

TEST(a_broken_file_does_not_keep_another_from_being_imported)
{
    const ScratchImport catalog;
    catalog.write("a.yaml", "id: [\n");
    catalog.write("b.yaml", samples[3].text);
    const auto report = catalog.import();
    CHECK(!report.is_complete());
    CHECK(says(report.files.front().notes, "[file_invalid]"));
    CHECK(report.files.back().outcome == ImportOutcome::written);
}

TEST(yaml_for_people_is_read_as_the_same_value)
{
    const std::vector<std::string> texts{"",        " x",      "x ",      "x\n",     "x",         "x\ny",      "x\ny\n", "x\n\n\n", "\n",
                                         "\nx",     "  x\ny",  "x\n  y",  "\tx\ny",  "x\n\n y\n", "true",      "null",   "1",      "1.5",
                                         "1.2.3",   "- x",     "x: y",    "x #y",    "#x",        "{x}",       "[x",     "'x'",    "\"x\"",
                                         "*x",      "&x",      "!x",      "|",       "%x",        "@x",        "`x`",    "x,y",    "ä\nö",
                                         "\x01\ny", "x\r\ny",  "yes",     "~",       ".inf",      "2026-11-01", "a/b",   "x:",     "---\nx",
                                         "...",     "\xe2\x80\xa8\nx", "x\n---\ny\n", "\x7f\nx", "y\n\t\n"};
    for (const auto& text : texts) {
        const Json value = Json::object({{"a", text}, {"b", Json::array({text, Json::array({text})})}, {"c", Json::object({{"d", text}})}});
        CHECK_EQUAL(dump(value), dump(parse_yaml(yaml_text(value)).value()));
    }
    std::mt19937_64 random{test::seed()};
    for (int i = 0; i < 500; ++i) {
        const Json value = Json::object({{"a", test::random_json(random)}, {"b", test::random_text(random)}});
        CHECK_EQUAL(dump(value), dump(parse_yaml(yaml_text(value)).value()));
    }
}
