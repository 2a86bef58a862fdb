// Reading a catalog's folder: what counts, what is read again, what is a problem.
#include "catalog/load.h"

#include "tests/unit/catalog_fixture.h"
#include "lib/crypto.h"
#include "tlog/jcs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace forge;
using forge::test::problem_places;
using forge::test::ScratchCatalog;
using forge::test::template_text;

namespace {

std::vector<std::string> problems(const CatalogIndex& index)
{
    return problem_places(parse_json(index.problems()));
}

using Places = std::vector<std::string>;

}

TEST(a_template_without_a_fault_has_no_problems)
{
    const ScratchCatalog catalog;
    catalog.write("deep/er/a.yaml", template_text("test.a"));
    const auto index = catalog.index();
    CHECK_EQUAL("[]"s, index.problems());
    CHECK(index.state() == CatalogState::ok);
    CHECK(index.find("test.a")->is_usable());
}

TEST(the_state_of_a_catalog_is_told_apart)
{
    const ScratchCatalog catalog;
    CHECK(load_catalog(catalog / "nowhere", {}).walk.problems.empty());
    replace_file(catalog / "i", load_catalog(catalog / "nowhere", {}).bytes);
    CHECK(CatalogIndex::map(catalog / "i").state() == CatalogState::missing);
    CHECK(catalog.index().state() == CatalogState::empty);
    catalog.write("a.yaml", "a: [");
    CHECK(catalog.index().state() == CatalogState::all_broken);
    catalog.write("b.yaml", template_text("test.b"));
    CHECK(catalog.index().state() == CatalogState::ok);
}

TEST(one_bad_file_never_hides_another)
{
    const ScratchCatalog catalog;
    catalog.write("a.yaml", template_text("test.a"));
    catalog.write("bad.yaml", "forge: 1\nid: test.bad\nid: twice\n");
    catalog.write("binary.yaml", "\xff\xfe");
    catalog.write("large.yaml", std::string(1 << 21, '#'));
    catalog.write("list.yaml", "- 1\n");
    catalog.write("other.json", "{\"some\": \"thing\"}");
    catalog.write("z.yaml", template_text("test.z"));
    const auto index = catalog.index();
    CHECK_EQUAL(std::size_t{2}, index.size());
    CHECK_EQUAL(std::size_t{5}, index.files_with_problems());
    CHECK((problems(index) == Places{"file_invalid bad.yaml:3:1", "file_invalid binary.yaml:1:1",
                                     "file_invalid large.yaml:1:1", "not_a_template list.yaml:1:1",
                                     "not_a_template other.json:1:1"}));
}

TEST(two_files_with_one_id_and_version_are_both_left_out)
{
    const ScratchCatalog catalog;
    catalog.write("a.yaml", template_text("test.a"));
    catalog.write("b.yaml", template_text("test.a"));
    catalog.write("c.yaml", template_text("test.a", "2.0.0"));
    const auto index = catalog.index();
    CHECK_EQUAL(std::size_t{1}, index.size());
    CHECK(!index.find("test.a@1.0.0"));
    CHECK((problems(index) == Places{"duplicate a.yaml:2:1", "duplicate b.yaml:2:1"}));
    ::unlink((catalog.root() + "/b.yaml").c_str());
    const auto after = catalog.index(index);
    CHECK_EQUAL(std::size_t{2}, after.size());
    CHECK_EQUAL("[]"s, after.problems());
}

TEST(a_keyword_that_two_ids_claim_finds_neither)
{
    const ScratchCatalog catalog;
    catalog.write("a.yaml", template_text("test.a") + "keyword: k\n");
    catalog.write("b.yaml", template_text("test.b") + "keyword: k\n");
    const auto index = catalog.index();
    CHECK(!index.find("k"));
    CHECK_EQUAL(std::size_t{2}, index.size());
    CHECK((problems(index) == Places{"keyword_taken a.yaml:24:1", "keyword_taken b.yaml:24:1"}));
}

TEST(links_that_leave_the_root_are_not_followed)
{
    const ScratchCatalog catalog;
    replace_file(catalog / "outside.yaml", template_text("test.outside"));
    make_folders(catalog / "elsewhere");
    replace_file(catalog / "elsewhere/x.yaml", template_text("test.elsewhere"));
    catalog.write("a.yaml", template_text("test.a"));
    CHECK_EQUAL(0, ::symlink("../outside.yaml", (catalog.root() + "/out.yaml").c_str()));
    CHECK_EQUAL(0, ::symlink((catalog / "outside.yaml").c_str(), (catalog.root() + "/absolute.yaml").c_str()));
    CHECK_EQUAL(0, ::symlink("../elsewhere", (catalog.root() + "/folder").c_str()));
    const auto index = catalog.index();
    CHECK_EQUAL(std::size_t{1}, index.size());
    CHECK((problems(index) == Places{"symlink_escapes absolute.yaml:1:1", "symlink_escapes folder:1:1",
                                     "symlink_escapes out.yaml:1:1"}));
}

TEST(links_inside_the_root_count_once)
{
    const ScratchCatalog catalog;
    catalog.write("a.yaml", template_text("test.a"));
    catalog.write(".data/b.yaml", template_text("test.b"));
    CHECK_EQUAL(0, ::symlink("a.yaml", (catalog.root() + "/0.yaml").c_str()));
    CHECK_EQUAL(0, ::symlink(".data/b.yaml", (catalog.root() + "/b.yaml").c_str()));
    CHECK_EQUAL(0, ::symlink("..", (catalog.root() + "/loop").c_str()));
    const auto index = catalog.index();
    CHECK_EQUAL(std::size_t{2}, index.size());
    CHECK_EQUAL("a.yaml"s, std::string{index.find("test.a")->path});
}

TEST(what_is_no_template_file_is_passed_by)
{
    const ScratchCatalog catalog;
    catalog.write("schemas/s.json", "{}");
    catalog.write("profiles/vault.yaml", "voice: calm");
    catalog.write(".hidden.yaml", "x");
    catalog.write(".git/x.yaml", "x");
    catalog.write("README.md", "x");
    catalog.write("a.yaml~", "x");
    CHECK_EQUAL(0, ::mkfifo((catalog.root() + "/pipe.yaml").c_str(), 0600));
    const auto index = catalog.index();
    CHECK(index.state() == CatalogState::empty);
    CHECK_EQUAL("[]"s, index.problems());
}

TEST(only_what_changed_is_read_again)
{
    const ScratchCatalog catalog;
    for (int i = 0; i < 100; ++i) {
        const auto path = "t" + std::to_string(i) + ".yaml";
        catalog.write(path, template_text("test.t" + std::to_string(i)));
        timespec old[2] = {{1'700'000'000, 0}, {1'700'000'000, 0}};
        CHECK_EQUAL(0, ::utimensat(AT_FDCWD, (catalog.root() + "/" + path).c_str(), old, 0));
    }
    auto index = catalog.index();
    CHECK_EQUAL(std::size_t{100}, catalog.counts.parsed);
    CHECK_EQUAL(""s, load_catalog(catalog.root(), index).bytes);
    for (int i = 0; i < 100; ++i) {
        catalog.write("t" + std::to_string(i) + ".yaml", template_text("test.t" + std::to_string(i), "2.0." + std::to_string(i)));
        index = catalog.index(index);
        CHECK_EQUAL(std::size_t{100}, index.size());
        CHECK(catalog.counts.parsed >= 1);
        CHECK_EQUAL("2.0." + std::to_string(i), std::string{index.find("test.t" + std::to_string(i))->version});
    }
}

// What a template shows is what its runs record: printf of the canonical text | sha256sum.
TEST(the_digest_of_a_schema_is_that_of_its_canonical_form_whatever_its_file_looks_like)
{
    const ScratchCatalog catalog;
    auto text = template_text("test.a");
    const auto at = text.find("output: {schema");
    text.replace(at, text.find('\n', at) - at, "output: {schema_ref: schemas/s.json}");
    catalog.write("a.yaml", text);
    catalog.write("b.yaml", template_text("test.b"));
    catalog.write("schemas/s.json", R"({ "$id": "x", "type": "object", "properties": {"said": {"type": "string"}}, "required": ["said"] })");
    const auto index = catalog.index();
    const auto read = [&](const char* id) { return template_from_json(parse_json(index.find(id)->text)); };
    const auto a = read("test.a"), b = read("test.b");
    CHECK_EQUAL(sha256_digest(R"({"$schema":"https://json-schema.org/draft/2020-12/schema","properties":{"said":{"type":"string"}},)"
                              R"("required":["said"],"type":"object"})"), a.output_digest);
    CHECK_EQUAL(a.output_digest, b.output_digest);
    CHECK_EQUAL(a.output_digest, sha256_digest(canonical_json(b.output, JcsProfile::rfc8785)));
}

TEST(a_changed_schema_file_is_noticed)
{
    const ScratchCatalog catalog;
    auto text = template_text("test.a");
    const auto at = text.find("output: {schema");
    text.replace(at, text.find('\n', at) - at, "output: {schema_ref: schemas/s.json}");
    catalog.write("a.yaml", text);
    auto index = catalog.index();
    CHECK((problems(index) == Places{"schema_unresolved a.yaml:19:10"}));
    catalog.write("schemas/s.json", R"({"type":"object"})");
    index = catalog.index(index);
    CHECK_EQUAL("[]"s, index.problems());
    catalog.write("schemas/s.json", R"({"type":"array"})");
    index = catalog.index(index);
    CHECK((problems(index) == Places{"example_output a.yaml:23:5"}));
}

TEST(a_catalog_of_too_many_files_or_folders_is_cut_off_with_a_problem)
{
    const ScratchCatalog catalog;
    for (int i = 0; i < 5; ++i)
        catalog.write("t" + std::to_string(i) + ".yaml", "x");
    catalog.write("1/2/3/4/x.yaml", "x");
    const auto walk = walk_catalog(catalog.root(), {.files = 3, .depth = 2});
    CHECK_EQUAL(std::size_t{3}, walk.files.size());
    CHECK_EQUAL(std::size_t{2}, walk.problems.size());
    CHECK_EQUAL("file_limit"s, walk.problems[0].code);
}
