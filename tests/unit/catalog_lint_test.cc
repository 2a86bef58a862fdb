// Lint of a whole catalog: what it keeps, profiles, days of review, and the forms for programs.
#include "catalog/lint.h"

#include "catalog/profile_file.h"
#include "catalog/sarif.h"
#include "tests/unit/catalog_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

using namespace forge;
using forge::test::problem_places;
using forge::test::ScratchCatalog;
using forge::test::template_text;

namespace {

using Places = std::vector<std::string>;

std::string foreign_text(const std::string& id)
{
    return "id: " + id + "\nversion: 1.0.0\nowner: o\nreviewed: 2026-11-01\nsafety_classification: read-only\n"
           "examples: [{args: {}}]\nprompt: {user: hello}\noutputs: {schema: {type: object}}\n";
}

Places found(const ScratchCatalog& catalog, LintOptions options = {})
{
    return problem_places(lint_catalog(catalog.root(), options).problems);
}

std::string said(const LintReport& report)
{
    std::ostringstream out;
    print(out, report, [](std::string_view, std::string_view text) { return std::string{text}; });
    return out.str();
}

// As a new checkout: other times, other inodes, the same bytes.
void write_again(const ScratchCatalog& catalog, const std::string& path)
{
    const auto text = read_file(catalog.root() + "/" + path);
    ::unlink((catalog.root() + "/" + path).c_str());
    catalog.write(path, text);
    timespec old[2] = {{1'700'000'000, 0}, {1'700'000'000, 0}};
    CHECK_EQUAL(0, ::utimensat(AT_FDCWD, (catalog.root() + "/" + path).c_str(), old, 0));
}

}

TEST(lint_reads_a_file_once_and_its_bytes_decide)
{
    const ScratchCatalog catalog;
    const LintOptions options{.cache_dir = catalog.cache()};
    for (const char* const name : {"a", "b", "c"}) {
        catalog.write(std::string{name} + ".yaml", template_text(std::string{"test."} + name));
        write_again(catalog, std::string{name} + ".yaml");
    }
    CHECK_EQUAL(std::size_t{3}, lint_catalog(catalog.root(), options).parsed);
    CHECK_EQUAL(std::size_t{0}, lint_catalog(catalog.root(), options).parsed);
    write_again(catalog, "a.yaml");
    CHECK_EQUAL(std::size_t{0}, lint_catalog(catalog.root(), options).parsed);
    catalog.write("a.yaml", template_text("test.a") + "colour: red\n");
    const auto report = lint_catalog(catalog.root(), options);
    CHECK_EQUAL(std::size_t{1}, report.parsed);
    CHECK((problem_places(report.problems) == Places{"field_unknown a.yaml:24:1"}));
    CHECK_EQUAL(std::size_t{3}, lint_catalog(catalog.root()).parsed);
}

TEST(a_cache_that_is_damaged_or_cannot_be_written_only_takes_longer)
{
    const ScratchCatalog catalog;
    catalog.write("a.yaml", template_text("test.a"));
    write_again(catalog, "a.yaml");
    const LintOptions options{.cache_dir = catalog.cache()};
    lint_catalog(catalog.root(), options);
    for (const auto& name : names_in(catalog.cache()))
        replace_file(catalog.cache() + "/" + name, "FORGECX2 and nothing behind it");
    CHECK_EQUAL(std::size_t{1}, lint_catalog(catalog.root(), options).parsed);
    CHECK_EQUAL(std::size_t{0}, lint_catalog(catalog.root(), options).parsed);
    CHECK_EQUAL(std::size_t{1}, lint_catalog(catalog.root(), {.cache_dir = "/proc/none"}).templates);
}

TEST(the_cache_keeps_a_bounded_number_of_catalogs)
{
    const ScratchCatalog catalog;
    for (int i = 0; i < 20; ++i) {
        const auto root = catalog.root() + "/" + std::to_string(i);
        make_folders(root);
        lint_catalog(root, {.cache_dir = catalog.cache()});
    }
    CHECK_EQUAL(std::size_t{16}, names_in(catalog.cache()).size());
}

TEST(a_review_is_judged_by_the_interval_asked_for_whatever_was_kept)
{
    const ScratchCatalog catalog;
    catalog.write("a.yaml", template_text("test.a"));
    auto old = template_text("test.b");
    old.replace(old.find("2026-11-01"), 10, "2020-01-01");
    catalog.write("b.yaml", old);
    LintOptions options{.cache_dir = catalog.cache()};
    for (int i = 0; i < 2; ++i) {
        options.review_interval = std::chrono::days{366};
        CHECK((found(catalog, options) == Places{"review_old b.yaml:7:1"}));
        options.review_interval = std::chrono::days{36'500};
        CHECK((found(catalog, options) == Places{}));
    }
}

TEST(a_dialect_of_others_is_noted)
{
    const ScratchCatalog catalog;
    catalog.write("a.yaml", foreign_text("test.a"));
    const auto report = lint_catalog(catalog.root());
    CHECK((problem_places(report.problems) == Places{"dialect_foreign a.yaml:1:1"}));
    CHECK_EQUAL("note"s, std::string{report.problems.at(0)["level"].as_text()});
    CHECK_EQUAL(std::size_t{0}, report.errors + report.warnings);
    CHECK(said(report).ends_with("1 template in 1 file, 0 errors, 0 warnings, 1 note\n"));
}

TEST(profiles_are_checked_alone_and_against_the_templates)
{
    const ScratchCatalog catalog;
    catalog.write("a.yaml", template_text("test.a"));
    catalog.write("b.yaml", template_text("test.b"));
    catalog.write("profiles/good.yaml", "voice: calm\nstyle: {dates: ISO}\ndefaults: {message: hello}\n");
    catalog.write("profiles/bad.yaml", "voice: [calm]\nvioce: calm\ndefaults:\n  message: 7\n  massage: x\n");
    catalog.write("profiles/broken.yaml", "voice: [\n");
    catalog.write("profiles/list.yaml", "- voice\n");
    catalog.write("profiles/other.yml", "voice: calm\n");
    const auto report = lint_catalog(catalog.root(), {.profiles = {catalog.root() + "/profiles"}});
    CHECK((problem_places(report.problems) ==
           Places{"profile_invalid bad.yaml:1:1", "profile_field_unknown bad.yaml:2:1", "profile_default_refused bad.yaml:4:3",
                  "profile_default_unused bad.yaml:5:3", "profile_invalid broken.yaml:2:1", "profile_invalid list.yaml:1:1",
                  "profile_name other.yml:1:1"}));
    CHECK_EQUAL("test.a, test.b: message must be a string, not a number"s, std::string{report.problems.at(2)["message"].as_text()});
    CHECK_EQUAL(catalog.root() + "/profiles/bad.yaml", std::string{report.problems.at(0)["file"].as_text()});
}

TEST(a_run_refuses_a_profile_that_lint_refuses)
{
    CHECK_EQUAL("calm"s, std::string{parse_profile("voice: calm\nextra: x\n")["voice"].as_text()});
    for (const char* const text : {"voice: [calm]\n", "defaults: [x]\n", "- voice\n", "", "voice: [\n"})
        CHECK_THROWS(Error, parse_profile(text));
}

TEST(findings_are_sarif_for_code_hosts)
{
    const ScratchCatalog catalog;
    auto text = template_text("test.a");
    text.replace(text.find("Say {{message}}"), 15, "Sag ä {{massage}}");
    catalog.write("a b.yaml", text);
    const auto report = lint_catalog(catalog.root());
    CHECK((problem_places(report.problems) == Places{"variable_unknown a b.yaml:18:14"}));   // bytes
    const Json sarif = to_sarif(report);
    CHECK_EQUAL("2.1.0"s, std::string{sarif["version"].as_text()});
    const Json run = sarif["runs"].at(0);
    const Json driver = run["tool"]["driver"];
    CHECK_EQUAL(rules().size(), driver["rules"].size());
    CHECK_EQUAL(std::size_t{1}, run["results"].size());
    const Json result = run["results"].at(0);
    CHECK_EQUAL("variable_unknown"s, std::string{result["ruleId"].as_text()});
    CHECK(driver["rules"].at(static_cast<std::size_t>(result["ruleIndex"].as_integer()))["id"] == result["ruleId"]);
    CHECK_EQUAL("error"s, std::string{result["level"].as_text()});
    const Json place = result["locations"].at(0)["physicalLocation"];
    CHECK_EQUAL("file://" + catalog.root() + "/a%20b.yaml", std::string{place["artifactLocation"]["uri"].as_text()});
    CHECK_EQUAL(R"({"startLine":18,"startColumn":13})"s, dump(place["region"]));   // characters
}

TEST(a_lint_without_a_folder_is_an_error)
{
    const ScratchCatalog catalog;
    CHECK_THROWS(Error, lint_catalog(catalog / "nowhere"));
    CHECK_THROWS(Error, lint_catalog(catalog.root(), {.ledgers = {catalog / "no-ledger"}}));
}
