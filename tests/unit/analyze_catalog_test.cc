// The templates whose collectors answer without a model: their examples are what the collectors say.
#include "analyze/collector.h"

#include "analyze/folder_evidence.h"
#include "catalog/load.h"
#include "lib/yaml.h"
#include "os/file.h"
#include "schema/json_schema.h"
#include "test.h"

#include <string>

using namespace forge;

namespace {

constexpr const char* shipped[] = {"demo/echo", "cyber/secrets_audit", "cyber/container_audit", "pci/misconfiguration",
                                   "dora/third_party_risk", "dora/ict_risk"};

Json template_at(const std::string& name)
{
    return parse_yaml(read_file("catalog/" + name + ".yaml")).value();
}

Json collected_output(const Json& source, const Json& args)
{
    const auto collector = source["collector"];
    return run_collector({.name = std::string{collector["name"].as_text()},
                          .settings = collector["args"],
                          .args = args,
                          .limits = {}})
        .output;
}

}

TEST(each_shipped_example_is_what_its_collector_answers)
{
    for (const auto name : shipped) {
        const Json source = template_at(name);
        CHECK(source["examples"].size() >= 1);
        for (const auto& example : source["examples"].items())
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, dump(example["output"]),
                                         dump(collected_output(source, example["args"])));
    }
}

TEST(each_shipped_template_names_a_collector_there_is)
{
    for (const auto name : shipped)
        CHECK(find_collector(template_at(name)["collector"]["name"].as_text()));
    CHECK(!find_collector("shell"));
}

TEST(the_shipped_catalog_has_no_problems)
{
    const forge::test::ScratchFolder folder;
    replace_file(folder / "index", load_catalog("catalog", {}).bytes);
    const auto index = CatalogIndex::map(folder / "index");
    CHECK_EQUAL("[]"s, index.problems());
}

TEST(what_collectors_find_in_real_folders_has_the_form_that_their_templates_promise)
{
    for (const std::string name : shipped) {
        const Json source = template_at(name);
        const auto schema = JsonSchema::compile(
            parse_json(read_file("catalog/" + std::string{source["output"]["schema_ref"].as_text()})));
        for (const auto folder : {"demo/repository", "demo/clean", "docs", "catalog"}) {
            const auto tree = open_folder_evidence(".", folder);
            const auto collector = source["collector"];
            const auto output = run_collector({.name = std::string{collector["name"].as_text()},
                                               .settings = collector["args"],
                                               .args = source["examples"].at(0)["args"],
                                               .evidence = tree.get(),
                                               .limits = {}}).output;
            for (const auto& issue : schema.validate(output))
                CPPUNIT_FAIL(name + " on " + folder + ": " + issue.path + " " + issue.message);
        }
    }
}
