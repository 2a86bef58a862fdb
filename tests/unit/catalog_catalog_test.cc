// The worker's view of the catalog: the newest good index, and what is wrong with it.
#include "catalog/catalog.h"

#include "catalog/indexer.h"
#include "tests/unit/catalog_fixture.h"

#include <thread>

using namespace forge;
using forge::test::ScratchCatalog;
using forge::test::template_text;

namespace {

// Waits, with a deadline, until the worker's view satisfies a condition.
template <class Condition>
bool comes_true(const Condition& condition)
{
    for (const auto end = steady_now() + std::chrono::seconds{10}; steady_now() < end; std::this_thread::yield())
        if (condition())
            return true;
    return false;
}

}

TEST(without_an_index_the_catalog_is_empty_and_stale)
{
    const ScratchCatalog scratch;
    Catalog catalog{scratch.cache()};
    const auto index = catalog.current();
    CHECK_EQUAL(std::size_t{0}, index->size());
    CHECK_EQUAL("index_stale"s, std::string{catalog.problem(*index)});
}

TEST(the_first_index_counts_from_the_moment_it_is_there)
{
    const ScratchCatalog scratch;
    scratch.write("a.yaml", template_text("test.a"));
    const auto keeper = FileLock::try_acquire(index_lock_path(scratch.cache()));
    Catalog catalog{scratch.cache()};   // up while the keeper still makes the index
    CHECK_EQUAL(std::size_t{0}, catalog.current()->size());
    scratch.index();
    CHECK_EQUAL(std::size_t{1}, catalog.current()->size());
}

TEST(a_new_index_is_noticed_and_a_damaged_one_is_not_taken)
{
    const ScratchCatalog scratch;
    scratch.write("a.yaml", template_text("test.a"));
    scratch.index();
    Catalog catalog{scratch.cache()};
    const auto before = catalog.current();
    CHECK_EQUAL(std::size_t{1}, before->size());

    replace_file(index_path(scratch.cache()), "damaged");
    scratch.write("b.yaml", template_text("test.b"));
    CHECK(comes_true([&] { return catalog.current() == before; }));
    scratch.index();
    CHECK(comes_true([&] { return catalog.current()->size() == 2; }));
    CHECK_EQUAL("test.a"s, std::string{before->find("test.a")->id});   // a snapshot outlives its successor
    CHECK(before->etag() != catalog.current()->etag());
}

TEST(the_problem_of_a_catalog_is_told_by_its_keeper_and_its_state)
{
    const ScratchCatalog scratch;
    scratch.index();
    auto keeper = FileLock::try_acquire(index_lock_path(scratch.cache()));
    Catalog catalog{scratch.cache()};
    CHECK_EQUAL("empty"s, std::string{catalog.problem(*catalog.current())});
    scratch.write("a.yaml", template_text("test.a"));
    scratch.index();
    CHECK(comes_true([&] { return catalog.problem(*catalog.current()).empty(); }));
    keeper.reset();
    CHECK(comes_true([&] { return catalog.problem(*catalog.current()) == "index_stale"; }));
    CHECK_EQUAL(std::size_t{1}, catalog.current()->size());
}

TEST(a_template_is_parsed_once_and_kept)
{
    const ScratchCatalog scratch;
    scratch.write("a.yaml", template_text("test.a"));
    scratch.index();
    Catalog catalog{scratch.cache()};
    const auto entry = *catalog.current()->find("test.a");
    const auto value = catalog.load(entry);
    CHECK(value == catalog.load(entry));
    CHECK_EQUAL("test.a"s, value->id);
    CHECK_EQUAL("Say {{message}}\n"s, value->user);
    CHECK(value->risk == TemplateRisk::read_only);
    CHECK_EQUAL(dump(to_json(*value)), std::string{entry.text});
    CHECK_EQUAL(sha256_digest(template_text("test.a")), value->digest);
}

TEST(what_is_shown_names_all_versions)
{
    const ScratchCatalog scratch;
    scratch.write("a.yaml", template_text("test.a"));
    scratch.write("b.yaml", template_text("test.a", "2.0.0"));
    const auto index = scratch.index();
    const auto json = parse_json(shown(index, *index.find("test.a")), {.depth = 512});
    CHECK_EQUAL(R"(["1.0.0","2.0.0"])"s, dump(json["versions"]));
    CHECK_EQUAL("2.0.0"s, std::string{json["version"].as_text()});
}

TEST(the_indexer_writes_only_what_makes_a_difference)
{
    const ScratchCatalog scratch;
    scratch.write("a.yaml", template_text("test.a"));
    Indexer indexer{scratch.root(), scratch.cache()};
    indexer.update();
    CHECK_EQUAL(std::size_t{1}, indexer.index().size());
    replace_file(index_path(scratch.cache()), "damaged");
    Indexer restarted{scratch.root(), scratch.cache()};
    restarted.update();
    CHECK_EQUAL(std::size_t{1}, CatalogIndex::map(index_path(scratch.cache())).size());
}
