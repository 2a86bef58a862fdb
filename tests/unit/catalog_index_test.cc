// The index: what goes in comes out, in order; damage is refused.
#include "catalog/index.h"

#include "base/text.h"
#include "tests/unit/catalog_fixture.h"

#include <algorithm>
#include <cstring>

using namespace forge;
using forge::test::ScratchCatalog;
using forge::test::template_text;

namespace {


void fill(const ScratchCatalog& catalog, int count)
{
    for (int i = 0; i < count; ++i) {
        const auto number = std::to_string(1000 + i);
        catalog.write("t" + number + ".yaml", template_text("test.t" + number, "1.0.0", i % 3 == 0 ? "Third" : "Other"));
    }
}

// All ids of a list, page by page.
std::vector<std::string> ids(const CatalogIndex& index, std::size_t limit, const std::string& filter = "")
{
    std::vector<std::string> list;
    std::string cursor;
    do {
        const auto page = index.list(limit, cursor, filter);
        CHECK(page.has_value());
        for (const auto& item : parse_json(page->body).items())
            list.emplace_back(item["id"].as_text());
        cursor = page->next_cursor;
    } while (!cursor.empty());
    return list;
}

}

TEST(a_list_item_shows_what_the_contract_says)
{
    const ScratchCatalog catalog;
    catalog.write("a.yaml", template_text("test.a"));
    const auto page = *catalog.index().list(20, "", "");
    CHECK_EQUAL(R"([{"id":"test.a","name":"A title","description":"Says what it was told.","version":"1.0.0",)"
                R"("tags":["test","test.a"]}])"s,
                page.body);
    CHECK_EQUAL(std::size_t{1}, page.total);
    CHECK_EQUAL(""s, page.next_cursor);
}

TEST(pages_hold_everything_once_and_in_order)
{
    const ScratchCatalog catalog;
    fill(catalog, 25);
    const auto index = catalog.index();
    const auto all = ids(index, 200);
    CHECK_EQUAL(std::size_t{25}, all.size());
    CHECK(std::ranges::is_sorted(all));
    for (const std::size_t limit : {1u, 7u, 24u, 25u})
        CHECK(ids(index, limit) == all);
}

TEST(a_filter_finds_a_part_of_id_name_description_or_tag_in_either_case)
{
    const ScratchCatalog catalog;
    fill(catalog, 10);
    const auto index = catalog.index();
    CHECK_EQUAL(std::size_t{4}, index.count("tHiRd"));
    CHECK_EQUAL(std::size_t{1}, index.count("TEST.T1003"));
    CHECK_EQUAL(std::size_t{10}, index.count("what it was TOLD"));
    CHECK_EQUAL(std::size_t{0}, index.count("nothing like it"));
    CHECK_EQUAL(std::size_t{0}, index.count(std::string_view{"\0", 1}));
    CHECK_EQUAL(R"([])"s, index.list(5, "", "nothing like it")->body);
    CHECK(ids(index, 2, "third") == (std::vector<std::string>{"test.t1000", "test.t1003", "test.t1006", "test.t1009"}));
    CHECK_EQUAL(std::size_t{4}, index.list(2, "", "third")->total);
}

TEST(a_cursor_holds_when_templates_come_and_go)
{
    const ScratchCatalog catalog;
    fill(catalog, 6);
    const auto before = catalog.index();
    const auto cursor = before.list(3, "", "")->next_cursor;
    ::unlink((catalog.root() + "/t1002.yaml").c_str());   // the last of the first page
    catalog.write("new.yaml", template_text("test.t1002x"));
    const auto after = catalog.index();
    const auto page = parse_json(after.list(2, cursor, "")->body);
    CHECK_EQUAL("test.t1002x"s, std::string{page.at(0)["id"].as_text()});
    CHECK_EQUAL("test.t1003"s, std::string{page.at(1)["id"].as_text()});
}

TEST(a_cursor_that_is_none_of_ours_is_refused)
{
    const ScratchCatalog catalog;
    fill(catalog, 2);
    const auto index = catalog.index();
    for (const auto& cursor : {"x"s, "!"s, base64url("test.t1000@1.0.0"), base64url("1:test.t1000"), base64url("1:../x@1.0.0"),
                               base64url("1:test.t1000@x"), "MTp0"s + "="})
        CHECK(!index.list(20, cursor, "").has_value());
}

TEST(a_template_is_found_by_id_version_and_keyword)
{
    const ScratchCatalog catalog;
    catalog.write("a.yaml", template_text("test.a", "1.9.0") + "keyword: old-a\n");
    catalog.write("b.yaml", template_text("test.a", "1.10.0") + "keyword: old-a\n");
    catalog.write("c.yaml", template_text("test.a", "1.10.0-rc.1"));
    const auto index = catalog.index();
    CHECK_EQUAL("1.10.0"s, std::string{index.find("test.a")->version});
    CHECK_EQUAL("1.9.0"s, std::string{index.find("test.a@1.9.0")->version});
    CHECK_EQUAL("1.10.0"s, std::string{index.find("old-a")->version});
    for (const char* const name : {"test.a@1.9", "test.a@2.0.0", "test.a@", "test", "test.aa", "", "@", "../a", "old"})
        CHECK(!index.find(name));
    CHECK(index.versions("test.a") == (std::vector<std::string_view>{"1.9.0", "1.10.0-rc.1", "1.10.0"}));
    CHECK(index.versions("test").empty());
}

TEST(an_index_with_any_byte_changed_is_refused)
{
    const ScratchCatalog catalog;
    catalog.write("a.yaml", template_text("test.a"));
    catalog.write("broken.yaml", "a: [");
    catalog.index();
    const auto path = index_path(catalog.cache());
    const auto good = read_file(path);
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 0x41);
        replace_file(path, bad);
        CHECK_THROWS(Error, CatalogIndex::map(path));
    }
}

TEST(an_index_of_any_other_length_is_refused)
{
    const ScratchCatalog catalog;
    catalog.write("a.yaml", template_text("test.a"));
    catalog.index();
    const auto path = index_path(catalog.cache());
    const auto good = read_file(path);
    for (std::size_t size = 0; size < good.size(); size += 7) {
        replace_file(path, good.substr(0, size));
        CHECK_THROWS(Error, CatalogIndex::map(path));
    }
    replace_file(path, good + "x");
    CHECK_THROWS(Error, CatalogIndex::map(path));
}

TEST(an_index_with_wrong_numbers_and_a_right_digest_leads_nowhere)
{
    const ScratchCatalog catalog;
    fill(catalog, 3);
    catalog.index();
    const auto path = index_path(catalog.cache());
    const auto good = read_file(path);
    int refused = 0;
    for (std::size_t i = 40; i < good.size(); i += 4) {
        auto bad = good;
        const std::uint32_t wrong = 0xfffffff0;
        std::memcpy(bad.data() + i, &wrong, std::min<std::size_t>(4, bad.size() - i));
        const Hash digest = sha256(std::string_view{bad}.substr(40));
        std::memcpy(bad.data() + 8, digest.data(), digest.size());
        replace_file(path, bad);
        try {
            const auto index = CatalogIndex::map(path);
            static_cast<void>(index.list(2, "", ""));
            static_cast<void>(index.list(2, base64url("1:test.t1001@1.0.0"), "third"));
            static_cast<void>(index.find("test.t1002"));
            static_cast<void>(index.problems());
        } catch (const Error&) {
            ++refused;
        }
    }
    CHECK(refused > 50);
}

TEST(no_index_and_an_empty_one_have_no_templates)
{
    const CatalogIndex none;
    CHECK_EQUAL("[]"s, none.list(20, "", "")->body);
    CHECK_EQUAL("[]"s, none.list(20, "", "x")->body);
    CHECK(!none.find("x"));
    const ScratchCatalog catalog;
    CHECK(catalog.index().state() == CatalogState::empty);
    CHECK_EQUAL(std::size_t{0}, catalog.index().size());
}
