// Tiles: their paths, which of them a tree has, and that proofs made of them are those of the definition.
#include "tests/unit/test.h"

#include "base/error.h"
#include "os/file.h"
#include "tlog/tile_folder.h"

#include <map>
#include <random>

using namespace forge;

namespace {

// All tiles of a tree, by their paths.
struct Tiles {
    explicit Tiles(std::uint64_t size)
    {
        for (std::uint64_t i = 0; i < size; ++i) {
            leaves.push_back(leaf_hash(std::to_string(i)));
            builder.add(leaves.back());
        }
        for (const Tile& tile : partial_tiles(size))
            files[tile.path()] = builder.edge(tile.level);
    }
    TileTree tree()
    {
        return {leaves.size(), [this](const Tile& tile) { return files.at(tile.path()); }};
    }

    std::map<std::string, Hashes> files;
    TileBuilder builder{[this](const Tile& tile, const Hashes& hashes) { files[tile.path()] = hashes; }};
    Hashes leaves;
};

}

TEST(a_tile_has_one_path)
{
    CHECK_EQUAL("0/x001/x234/067"s, (Tile{TileKind::hashes, 0, 1234067}).path());
    CHECK_EQUAL("1/000.p/17"s, (Tile{TileKind::hashes, 1, 0, 17}).path());
    CHECK_EQUAL("entries/x001/000.p/255"s, (Tile{TileKind::entries, 0, 1000, 255}).path());
    for (const std::uint64_t index : {0ULL, 1ULL, 999ULL, 1000ULL, 999'999ULL, 1'000'000ULL, ~0ULL})
        for (const unsigned width : {1U, 9U, 255U, 256U}) {
            const Tile tile{TileKind::hashes, 63, index, width};
            CHECK(Tile::parse(tile.path()) == tile);
        }
}

TEST(what_is_no_path_of_a_tile_is_refused)
{
    const char* const wrong[] = {
        "", "0", "0/", "/000", "0/00", "0/0000", "00/000", "64/000", "-1/000", "+1/000", "a/000", "0/x000/001", "0/001/001", "0/x001",
        "0/x001/x002", "0/X001/002", "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p/", "0/000.p", "0/000.p/1/", "0/000/", "0//000",
        "0/000.p/1.p/1", "data/000", "entries/", "entries", "entries/x000/000", "0/x018/x446/x744/x073/x709/x551/616", " 0/000", "0/000 ",
        "0/x999/x999/x999/x999/x999/x999/x999/x999/x999/999", "0/0x0/000", "0/\x30\x30\x30\xff"};
    for (const char* const path : wrong)
        CPPUNIT_ASSERT_MESSAGE(path, !Tile::parse(path));
}

TEST(a_tree_has_the_tiles_of_the_specifications_example)
{
    CHECK(partial_tiles(0).empty());
    CHECK((partial_tiles(256) == std::vector<Tile>{{TileKind::hashes, 1, 0, 1}}));
    CHECK((partial_tiles(70'000)
           == std::vector<Tile>{{TileKind::hashes, 0, 273, 112}, {TileKind::hashes, 1, 1, 17}, {TileKind::hashes, 2, 0, 1}}));
    CHECK_EQUAL(256U, tile_width_in(70'000, 0, 272));
    CHECK_EQUAL(112U, tile_width_in(70'000, 0, 273));
    CHECK_EQUAL(0U, tile_width_in(70'000, 0, 274));
    CHECK_EQUAL(0U, tile_width_in(70'000, 3, 0));
    CHECK_EQUAL(0U, tile_width_in(~std::uint64_t{0}, 63, 0));
    const Tiles tiles{70'000};
    CHECK_EQUAL(std::size_t{273 + 1 + 3}, tiles.files.size());
    CHECK_EQUAL(std::size_t{112}, tiles.files.at("0/273.p/112").size());
}

TEST(the_golden_logs_have_their_roots_and_tiles)
{
    // Leaves are the texts "0", "1", …; the digest is over path, blank, tile and newline of each tile, sorted by path.
    const struct {
        std::uint64_t size;
        const char* root;
        const char* digest;
    } golden[] = {
        {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {1, "db3426e878068d28d269b6c87172322ce5372b65756d0789001d34835f601c03",
         "dd29b8147524d13e4f3dbb7dadae18ca9a28891f697f8c012c93e43472398d81"},
        {2, "cb00989d94a569c0a678ae042b63dcd4625db96440517f37a6eb7976ea24ed4b",
         "b45c6f75609e4a60ba5b8beac6a6562c774e4d66e3cc76eb0ccf3bdf9242c92c"},
        {255, "32f85bcaa87d7bcd05728f09e9aeba350ba6a2f733830087f0597682848be5cb",
         "8108c83ffcad608bb5e45bbe070a52bdb3b2d71e9d3d7d41fbe136b88e2c31b4"},
        {256, "828515d033c19d8c901f37eccb8aed919667703486f8d2fff1cf7040321c5db1",
         "74023201cb2be767912c3489480acf1fff11ae1b675e806c0fb752ee735018e3"},
        {257, "1eda049a4351d86f76252bd7ec0b7746ad75b7fa0316ad5f541dbda458a312c4",
         "a66bd1f98a3777cfa49378f89a0dba9759fd66d0907a4a8440d439a57ab62e74"},
        {65535, "74f13a0e1a75689372efb990cf68c664e44c763d9304844955b2eaff624e8df1",
         "17cd98743c1f72720fc5782b2b7bdd7a32e4f19050ab9c4d477dd266f80fbf56"},
        {65536, "f025d06ed804859fd274a1bdacadd6e48ea87634aa91e1edb20143f9498cd02b",
         "5dde0cd4e380ea755005e58c977a984cad36a58746aaab3f9e56a79756f759fa"},
        {65537, "dc8795a25fd4bd52a0b84f639fd3139ba160824023d188e428eb5db0f3ce221a",
         "2b79b6f4cdb30630178abbcb703a4054f6281f007d0464f231d1ea4929be9c24"},
        {70000, "1a4cdfcb66374a0c0dcbef49acbd4976d13ee864fb3cb241fc943cad04f02f7e",
         "63d31d5801c0055cce01db36fcb312915eb86cc3dacb245b26c3d90809895734"},
    };
    for (const auto& [size, root, digest] : golden) {
        Tiles tiles{size};
        Sha256 all;
        for (const auto& [path, hashes] : tiles.files)
            all.update(path + " " + tile_bytes(hashes) + "\n");
        CHECK_EQUAL(std::string{root}, hex(tiles.builder.root()));
        CHECK_EQUAL(std::string{root}, hex(root_hash(tiles.leaves)));
        CHECK_EQUAL(std::string{root}, hex(tiles.tree().root()));
        CHECK_EQUAL(std::string{digest}, hex(all.finish()));
    }
}

TEST(proofs_from_tiles_are_those_of_the_definition)
{
    for (const std::uint64_t size : {1U, 2U, 3U, 7U, 64U, 255U, 256U, 257U, 511U, 600U}) {
        Tiles tiles{size};
        TileTree tree = tiles.tree();
        for (std::uint64_t of = 1; of <= size; of += of < 20 || of > size - 4 ? 1 : 37) {
            const auto leaves = std::span{tiles.leaves}.first(of);
            CHECK(root_hash(leaves) == tree.root(of));
            for (std::uint64_t index = 0; index < of; index += 29)
                CHECK(inclusion_proof(index, leaves) == tree.inclusion_proof(index, of));
            for (std::uint64_t from = 1; from <= of; from += 31)
                CHECK(consistency_proof(from, leaves) == tree.consistency_proof(from, of));
        }
    }
}

TEST(proofs_of_a_tree_of_three_levels_verify)
{
    Tiles tiles{70'000};
    TileTree tree = tiles.tree();
    const Hash root = tree.root();
    std::mt19937_64 random{70'000};
    for (int i = 0; i < 300; ++i) {
        const std::uint64_t index = random() % 70'000;
        const std::uint64_t from = 1 + random() % 70'000;
        CHECK(verify_inclusion(index, 70'000, tiles.leaves[index], tree.inclusion_proof(index, 70'000), root));
        CHECK(verify_consistency(from, 70'000, tree.root(from), root, tree.consistency_proof(from, 70'000)));
        CHECK(tiles.leaves[index] == tree.leaf(index));
    }
}

TEST(a_builder_goes_on_from_its_edges)
{
    Tiles whole{70'000};
    std::map<std::string, Hashes> files;
    TileBuilder second{[&](const Tile& tile, const Hashes& hashes) { files[tile.path()] = hashes; }};
    Tiles half{65'600};
    std::array<Hashes, tile_levels> edges;
    for (unsigned level = 0; level < tile_levels; ++level)
        edges[level] = half.builder.edge(level);
    auto wrong = edges;
    wrong[0].pop_back();
    CHECK_THROWS(Error, second.resume(65'600, wrong));
    second.resume(65'600, edges);
    for (std::size_t i = 65'600; i < 70'000; ++i)
        second.add(whole.leaves[i]);
    CHECK(whole.builder.root() == second.root());
    CHECK(!files.empty());
    for (const auto& [path, hashes] : files)
        CHECK(hashes == whole.files.at(path));
}

TEST(a_folder_gives_a_tile_from_any_file_that_has_it)
{
    test::ScratchFolder scratch;
    const Tiles tiles{300};
    const auto write = [&](const Tile& tile, const std::string& bytes) {
        const std::string path = scratch.path() + "/" + tile.path();
        make_folders(folder_of(path));
        replace_file(path, bytes);
    };
    const TileFolder folder{scratch.path()};
    const Tile narrow{TileKind::hashes, 0, 1, 5};
    CHECK(!folder.read(narrow));
    CHECK_THROWS(Error, folder.reader()(narrow));
    const Hashes& edge = tiles.builder.edge(0);
    write({TileKind::hashes, 0, 1, 44}, tile_bytes(edge));
    CHECK(folder.read(narrow) == Hashes(edge.begin(), edge.begin() + 5));
    CHECK((folder.read({TileKind::hashes, 0, 1, 44}) == edge));
    CHECK((!folder.read({TileKind::hashes, 0, 1, 45})));
    CHECK((!folder.read({TileKind::hashes, 0, 1})));
    write({TileKind::hashes, 0, 1, 44}, tile_bytes(edge) + "x");
    CHECK(!folder.read(narrow));
    write({TileKind::hashes, 0, 0}, tile_bytes(tiles.files.at("0/000")));
    CHECK((folder.read({TileKind::hashes, 0, 0, 255}).value().size() == 255));
    write({TileKind::hashes, 0, 0}, tile_bytes(tiles.files.at("0/000")).substr(1));
    CHECK((!folder.read({TileKind::hashes, 0, 0, 255})));
}
