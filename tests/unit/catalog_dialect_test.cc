// The dialects of others: what becomes of their members, and that all samples load and render.
#include "catalog/read_template.h"

#include "catalog/dialect.h"
#include "render/handlebars.h"
#include "schema/json_schema.h"
#include "tests/unit/catalog_fixture.h"

#include <unistd.h>

using namespace forge;
using forge::test::ScratchCatalog;

namespace {

CatalogTemplate read(const std::string& text)
{
    const test::ScratchFolder empty;
    SchemaFiles schemas{empty.path()};
    return *read_template("a.yaml", text, schemas).value;
}

CatalogTemplate sample(const std::string& name)
{
    return read(read_file(test::test_data("catalog-samples/" + name)));
}

std::string inputs(const std::string& yaml)
{
    return dump(read("id: x\nversion: 1.0.0\nprompt: {user: hello}\ninputs:" + yaml).inputs["properties"]);
}

std::string rendered(const CatalogTemplate& value, const Json& args)
{
    Json context = Json::object({{"profile", Json::object({{"voice", "Calm."}})}});
    for (const auto& [name, member] : value.source.members())
        context.set(name, member);
    for (const auto& [name, argument] : JsonSchema::compile(value.inputs).with_defaults(args).members())
        context.set(name, argument);
    return Handlebars::compile(value.user, value.syntax).render(context);
}

}

TEST(map_and_list_inputs_become_json_schema)
{
    CHECK_EQUAL(R"({"a":{"type":["string","array","object"]},"b":{"type":"integer","default":3}})"s,
                inputs("\n  a: {type: string, required: true}\n  b: {type: int, default: 3}"));
    CHECK_EQUAL(R"({"a":{"enum":["x","y"],"default":"x"},"b":{"enum":[1,2]}})"s,
                inputs("\n  - {name: a, type: enum, values: [x, y], default: x}\n  - {name: b, enum: [1, 2]}"));
    CHECK_EQUAL(R"({"a":{"type":"array","items":{"type":"string"}},"b":{"type":["string","array","object"]}})"s,
                inputs("\n  a: {type: array, items: {type: string}, required: false}\n  b: text"));
    CHECK_EQUAL("{}"s, inputs(" {}"));
}

TEST(inputs_that_are_json_schema_already_stay_so)
{
    const auto value = read("id: x\nversion: 1.0.0\nprompt: {user: hello}\n"
                            "inputs: {type: object, required: [a], properties: {a: {type: string}}}");
    CHECK_EQUAL(R"({"type":"object","required":["a"],"properties":{"a":{"type":"string"}},"additionalProperties":false})"s,
                dump(value.inputs));
    CHECK(value.text_inputs.empty());
}

TEST(a_foreign_string_takes_an_array_or_object_but_no_number)
{
    const auto value = read("id: x\nversion: 1.0.0\nprompt: {user: hello}\ninputs: {a: {type: string, required: true}}");
    const auto schema = JsonSchema::compile(value.inputs);
    CHECK(schema.accepts(parse_json(R"({"a":"x"})")));
    CHECK(schema.accepts(parse_json(R"({"a":[1]})")));
    CHECK(schema.accepts(parse_json(R"({"a":{}})")));
    CHECK(!schema.accepts(parse_json(R"({"a":1})")));
    CHECK(!schema.accepts(parse_json(R"({})")));
    CHECK(!schema.accepts(parse_json(R"({"a":"x","b":1})")));
    CHECK(value.text_inputs == std::vector<std::string>{"a"});
}

TEST(versions_of_others_are_mended)
{
    const auto version = [](const std::string& text) { return read("id: x\nprompt: {user: y}\nversion: " + text).version; };
    CHECK_EQUAL("1.0.0"s, version("1"));
    CHECK_EQUAL("1.5.0"s, version("1.5"));
    CHECK_EQUAL("2.1.0"s, version("v2.1"));
    CHECK_EQUAL("1.2.3-rc.1"s, version("1.2.3-rc.1"));
    CHECK_EQUAL("0.0.0"s, version("new"));
    CHECK_EQUAL("0.0.0"s, read("id: x\nprompt: {user: y}").version);
}

TEST(all_samples_are_listed_and_can_run)
{
    const auto loaded = load_catalog(test::test_data("catalog-samples"), {});
    const CatalogIndex index{loaded.bytes};
    CHECK_EQUAL(loaded.counts.files, index.size());
    CHECK_EQUAL(std::size_t{8}, index.size());
    for (std::size_t i = 0; i < index.size(); ++i)
        CHECK(index.entry(i).is_usable());
    for (const char* const keyword : {"consciousness-spectrum-analyzer", "cyber-container-security-scanner", "cyber-dora-tprm",
                                      "guardrails-check", "tem-guardrails", "pci-check", "operations-research-analyst",
                                      "cyber-secrets-audit"})
        CHECK(index.find(keyword).has_value());
}

TEST(the_classic_sample_renders_as_its_author_meant)
{
    const auto value = sample("research-analyst.yaml");
    CHECK(value.dialect == Dialect::classic);
    CHECK_EQUAL("Research Analyst"s, value.name());
    const auto text = rendered(value, parse_json(R"({"topic":"DORA","sources":["a.md","b.md"]})"));
    CHECK(text.starts_with("Calm.\n\n# Mission\n"));
    CHECK(text.find("Topic: DORA\nAvailable Sources (strings, file refs, or links):\n- a.md\n- b.md\nScope: concise\n") !=
          std::string::npos);
    CHECK(text.find("conforming to ../schemas/output.schema.json#/definitions/operations/research_analyst.") !=
          std::string::npos);
    CHECK(rendered(value, parse_json(R"({"topic":"x"})")).find("Available Sources") == std::string::npos);
}

TEST(the_dora_sample_keeps_its_settings_and_never_its_script)
{
    const auto value = sample("dora.tprm.v1.yaml");
    CHECK(value.dialect == Dialect::dora);
    CHECK_EQUAL("DORA Third-Party Risk (TPRM) Assessment"s, value.title);
    CHECK(value.risk == TemplateRisk::read_only);
    CHECK_EQUAL(0.1, value.model["temperature"].as_number());
    CHECK_EQUAL(std::int64_t{3000}, value.model["max_tokens"].as_integer());
    CHECK_EQUAL(std::size_t{5}, value.tags.size());
    CHECK(value.collector.empty());
    CHECK(!value.output);
    const auto text = rendered(value, parse_json(R"({"vendor_name":"Acme","criticality":"high","regions":["EU","UK"]})"));
    CHECK(text.find("Regions: EU, UK\n") != std::string::npos);
    CHECK(text.find("Evidence paths (globs): (none)\n") != std::string::npos);
}

TEST(the_pci_sample_takes_its_defaults)
{
    const auto value = sample("pci_dss_misconfiguration_checker.v1.yaml");
    CHECK(value.dialect == Dialect::pci);
    CHECK_EQUAL("pci-check"s, value.name());
    CHECK_EQUAL("VaultMesh Security"s, value.owner);
    const auto text = rendered(value, parse_json(R"({"target_scope":"CDE","config_data":"x"})"));
    CHECK(text.find("- Req 1.2.1\n- Req 2.2.2\n") != std::string::npos);
}

TEST(the_spectrum_sample_has_its_jinja_translated)
{
    const auto value = sample("consciousness-spectrum-analyzer.yaml");
    CHECK(value.dialect == Dialect::spectrum);
    CHECK(value.syntax == Syntax::with_translated_jinja);
    const std::string hash(64, 'a');
    Json args = Json::object({{"consciousness_type", "guardian"}, {"artifact_hash", hash + ":" + hash}});
    const auto all = rendered(value, args);
    CHECK(all.find("{%") == std::string::npos);
    CHECK(all.find("Assess Symbolic Layer") != std::string::npos);
    CHECK(all.find("boundary_violations across") != std::string::npos);
    const auto some = rendered(value, args.deep_copy().set("eval_focus", "ethical_controls"));
    CHECK(some.find("Assess Symbolic Layer") == std::string::npos);
    CHECK(some.find("boundary_violations across") != std::string::npos);
}

TEST(the_ritual_sample_brings_its_output_schema)
{
    const auto value = sample("guardrails-checker.v2.yaml");
    CHECK(value.dialect == Dialect::ritual);
    CHECK(value.risk == TemplateRisk::read_only);
    CHECK(JsonSchema::compile(value.output).accepts(parse_json(R"({"ok":true,"findings":[]})")));
    CHECK(!JsonSchema::compile(value.output).accepts(parse_json(R"({"ok":true})")));
    CHECK_EQUAL("TEMPLATE:\n```yaml\nid: x\n```\nSCHEMA: forge\n"s, rendered(value, parse_json(R"({"templateYaml":"id: x"})")));
}

TEST(the_other_classic_samples_render_too)
{
    CHECK(rendered(sample("guardrails-checker.yaml"), parse_json(R"({"agent":"bot"})")).find("Agent: bot\n") !=
          std::string::npos);
    CHECK(rendered(sample("secrets-audit.yaml"), parse_json(R"({"repo_context":"r","findings_raw":"[]"})"))
              .find("Changed only: true\n") != std::string::npos);
    CHECK(rendered(sample("container-security-scanner.yaml"), parse_json(R"({"dockerfile_text":"FROM x"})"))
              .find("```\nFROM x\n```") != std::string::npos);
}

TEST(a_schema_reference_reaches_only_the_schemas_folders)
{
    const ScratchCatalog catalog;
    make_folders(catalog / "schemas");
    replace_file(catalog / "schemas/out.json",
                 R"({"definitions":{"a":{"b":{"type":"object","properties":{"x":{"$ref":"#/definitions/n"}}},"n":{}},)"
                 R"("n":{"type":"integer"}}})");
    replace_file(catalog / "secret.json", R"({"type":"object"})");
    make_folders(catalog.root() + "/schemas");
    replace_file(catalog.root() + "/schemas/in.json", R"({"type":"array"})");
    CHECK_EQUAL(0, ::symlink("../../secret.json", (catalog.root() + "/schemas/link.json").c_str()));
    SchemaFiles schemas{catalog.root()};
    const auto code = [&](const std::string& reference, const std::string& folder) {
        const auto found = schemas.resolve(reference, folder);
        return found.schema ? "found" : found.code;
    };
    CHECK_EQUAL("found"s, code("../schemas/out.json#/definitions/a/b", ""));
    CHECK_EQUAL("found"s, code("file:../schemas/out.json", "deep"));   // beside the root, seen from the root
    CHECK_EQUAL("found"s, code("../schemas/in.json", "deep"));         // inside, seen from the template
    CHECK_EQUAL("found"s, code("schemas/in.json", "deep/er"));
    CHECK_EQUAL("schema_unresolved"s, code("schemas/none.json", ""));
    CHECK_EQUAL("schema_unresolved"s, code("../schemas/out.json#/definitions/z", ""));
    CHECK_EQUAL("schema_unresolved"s, code("schemas/link.json", ""));
    for (const char* const outside : {"../secret.json", "schemas/../../secret.json", "/etc/passwd", "../../schemas/out.json",
                                      "https://example.org/schemas/x.json", "file:///etc/passwd", ""})
        CHECK_EQUAL("schema_outside"s, code(outside, ""));
    const auto found = schemas.resolve("../schemas/out.json#/definitions/a/b", "");
    CHECK(found.schema->accepts(parse_json(R"({"x":1})")));
    CHECK(!found.schema->accepts(parse_json(R"({"x":"1"})")));
    CHECK(!JsonSchema::compile(found.schema->bundled()).accepts(parse_json(R"({"x":"1"})")));
}
