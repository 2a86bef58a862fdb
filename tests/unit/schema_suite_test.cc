// schema/json_schema.h against the official JSON-Schema-Test-Suite.
#include "schema/json_schema.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tests/unit/test.h"

namespace {

using forge::Error;
using forge::Json;
using forge::JsonSchema;
using forge::SchemaOptions;
using forge::schema::Draft;

// With U+0000 in texts, which our own parser refuses; numbers over 64 bits become doubles.
Json read(const std::filesystem::path& path)
{
    std::ifstream file{path};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    for (const std::size_t flags : {0, JSON_DECODE_INT_AS_REAL}) {
        json_error_t error{};
        if (json_t* const value = json_loadb(text.data(), text.size(), JSON_DECODE_ANY | JSON_ALLOW_NUL | flags,
                                             &error))
            return Json::adopt(value);
    }
    throw Error("cannot read " + path.string());
}

std::optional<Json> remote(const std::string& uri)
{
    constexpr std::string_view host = "http://localhost:1234/";
    const std::string path = forge::test::test_data("json-schema-test-suite/remotes") + "/"
                             + uri.substr(std::min(host.size(), uri.size()));
    if (!uri.starts_with(host) || !std::filesystem::is_regular_file(path))
        return std::nullopt;
    return read(path);
}

struct Counts {
    int passed = 0;
    int failed = 0;
};

void run_group(const Json& group, const SchemaOptions& options, const std::string& file, Counts& counts, bool tells)
{
    const std::string name = file + ": " + std::string{group["description"].as_text()};
    std::optional<JsonSchema> schema;
    std::string reason;
    try {
        schema = JsonSchema::compile(group["schema"], options);
    } catch (const Error& error) {
        reason = error.what();
    }
    for (const auto& test : group["tests"].items()) {
        const bool right = schema && schema->accepts(test["data"]) == test["valid"].as_bool();
        ++(right ? counts.passed : counts.failed);
        if (!right && tells)
            std::cout << name << ": " << test["description"].as_text() << ": " << (schema ? "wrong verdict" : reason)
                      << '\n';
    }
}

// Each verdict of a folder's files; with `tells`, each wrong one on stdout.
Counts run_folder(const std::string& folder, SchemaOptions options, bool tells)
{
    options.resolver = remote;
    Counts counts;
    for (const auto& file :
         std::filesystem::directory_iterator{forge::test::test_data("json-schema-test-suite/tests/" + folder)})
        if (file.is_regular_file())
            for (const auto& group : read(file.path()).items())
                run_group(group, options, folder + "/" + file.path().filename().string(), counts, tells);
    return counts;
}

void run_draft(const std::string& name, Draft draft)
{
    const bool tells = std::getenv("FORGE_TEST_VERBOSE") != nullptr;
    const auto mandatory = run_folder(name, {.default_draft = draft, .assert_formats = false}, true);
    const auto optional = run_folder(name + "/optional", {.default_draft = draft, .assert_formats = false}, tells);
    const auto formats = run_folder(name + "/optional/format", {.default_draft = draft}, tells);
    for (const auto& [kind, counts] : {std::pair{"mandatory", mandatory}, {"optional", optional}, {"formats", formats}})
        std::cout << "JSON Schema suite, " << name << ", " << kind << ": " << counts.passed << " of "
                  << counts.passed + counts.failed << '\n';
    CHECK_EQUAL(0, mandatory.failed);
    CHECK(mandatory.passed > 800);
}

}

TEST(all_mandatory_tests_of_draft_07_pass)
{
    run_draft("draft7", Draft::draft7);
}

TEST(all_mandatory_tests_of_draft_2020_12_pass)
{
    run_draft("draft2020-12", Draft::draft2020_12);
}
