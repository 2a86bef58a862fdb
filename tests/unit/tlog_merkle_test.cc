// The Merkle tree: published roots, published proofs good and bad, and the definition on random trees.
#include "tests/unit/test.h"

#include "base/error.h"
#include "lib/json.h"
#include "os/file.h"
#include "tlog/merkle.h"

#include <algorithm>
#include <filesystem>
#include <random>

using namespace forge;

namespace {

// The reference leaves of Certificate Transparency.
const std::string reference_leaves[] = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};

Hashes random_leaves(std::size_t count)
{
    std::mt19937_64 random{6962};
    Hashes leaves;
    while (leaves.size() < count)
        leaves.push_back(leaf_hash(std::to_string(random())));
    return leaves;
}

// A hash of a vector, or nothing when it has another length: such a proof cannot even be asked about.
std::optional<Hash> hash_of(const Json& json)
{
    const auto bytes = from_base64(json.as_text()).value_or("");
    if (bytes.size() != 32)
        return std::nullopt;
    Hash hash;
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
}

std::optional<Hashes> hashes_of(const Json& json)
{
    Hashes hashes;
    for (const Json& item : json.items()) {
        const auto hash = hash_of(item);
        if (!hash)
            return std::nullopt;
        hashes.push_back(*hash);
    }
    return hashes;
}

// Some indexes are -1 as an unsigned number, which a double rounds to 2^64.
std::uint64_t number(const Json& json)
{
    return json.as_number() >= 0x1p64 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(json.as_number());
}

// Calls check(vector) for each file below the folder, and compares with what the file wants.
template <class Check>
int vectors_met(const std::string& folder, Check check)
{
    int count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{test::test_data("merkle/" + folder)}) {
        if (!entry.is_regular_file())
            continue;
        const std::string text = read_file(entry.path());
        const Json vector = Json::adopt(json_loadb(text.data(), text.size(), JSON_DECODE_INT_AS_REAL, nullptr));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(entry.path().string(), !vector["wantErr"].as_bool(), check(vector));
        ++count;
    }
    return count;
}

}

TEST(merkle_roots_of_the_reference_leaves)
{
    const std::string roots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                 "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                 "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                 "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                 "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                 "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                 "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                 "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    Hashes leaves;
    CompactRange range;
    CHECK_EQUAL(roots[0], hex(root_hash(leaves)));
    for (std::size_t i = 0; i < std::size(reference_leaves); ++i) {
        CHECK_EQUAL(roots[i], hex(range.root()));
        leaves.push_back(leaf_hash(*from_hex(reference_leaves[i])));
        range.append(leaves.back());
        CHECK_EQUAL(roots[i + 1], hex(root_hash(leaves)));
    }
    CHECK_EQUAL(roots[8], hex(range.root()));
}

TEST(merkle_inclusion_vectors)
{
    const int count = vectors_met("inclusion", [](const Json& v) {
        const auto leaf = hash_of(v["leafHash"]), root = hash_of(v["root"]);
        const auto proof = hashes_of(v["proof"]);
        return leaf && root && proof
               && verify_inclusion(number(v["leafIdx"]), number(v["treeSize"]), *leaf, *proof, *root);
    });
    CHECK_EQUAL(98, count);
}

TEST(merkle_consistency_vectors)
{
    // Two of the good ones are about roots that are no hashes; equal sizes with equal bytes and an empty proof.
    const int count = vectors_met("consistency", [](const Json& v) {
        const auto from = number(v["size1"]), to = number(v["size2"]);
        const auto proof = hashes_of(v["proof"]);
        const auto small = hash_of(v["root1"]), large = hash_of(v["root2"]);
        if (from == to && from > 0 && proof && proof->empty() && !small)
            return v["root1"] == v["root2"];
        return small && large && proof && verify_consistency(from, to, *small, *large, *proof);
    });
    CHECK_EQUAL(98, count);
}

TEST(merkle_subtree_inclusion_vectors)
{
    const int count = vectors_met("subtreeinclusion", [](const Json& v) {
        const auto leaf = hash_of(v["leafHash"]), root = hash_of(v["root"]);
        const auto proof = hashes_of(v["proof"]);
        const Subtree subtree{number(v["start"]), number(v["end"])};
        return leaf && root && proof && verify_subtree_inclusion(number(v["leafIdx"]), subtree, *leaf, *proof, *root);
    });
    CHECK_EQUAL(204, count);
}

TEST(merkle_subtree_consistency_vectors)
{
    const int count = vectors_met("subtreeconsistency", [](const Json& v) {
        const Subtree subtree{number(v["start"]), number(v["end"])};
        const auto proof = hashes_of(v["proof"]);
        const auto small = hash_of(v["root1"]), large = hash_of(v["root2"]);
        if (subtree.end - subtree.start == 1 && number(v["size"]) == 1 && proof && proof->empty() && !small)
            return v["root1"] == v["root2"];
        // The root of the tree plays no part for an empty subtree, and is no hash in those vectors.
        return small && proof
               && verify_subtree_consistency(subtree, number(v["size"]), *small, large.value_or(Hash{}), *proof);
    });
    CHECK_EQUAL(118, count);
}

TEST(merkle_every_proof_of_small_trees_verifies_and_no_other)
{
    const Hashes leaves = random_leaves(70);
    for (std::uint64_t size = 1; size <= leaves.size(); ++size) {
        const auto tree = std::span{leaves}.first(size);
        const Hash root = root_hash(tree);
        for (std::uint64_t i = 0; i < size; ++i) {
            const Hashes path = inclusion_proof(i, tree);
            CHECK(verify_inclusion(i, size, leaves[i], path, root));
            CHECK(!verify_inclusion(i + 1, size, leaves[i], path, root));
            const Hashes growth = consistency_proof(i + 1, tree);
            const Hash before = root_hash(tree.first(i + 1));
            CHECK(verify_consistency(i + 1, size, before, root, growth));
            CHECK(!verify_consistency(i + 1, size, before, leaf_hash("other"), growth));
            CHECK(i == 0 || !verify_consistency(i, size, before, root, growth));
        }
        CHECK(!verify_consistency(0, size, root_hash({}), root, {}));
    }
}

TEST(merkle_a_changed_proof_of_a_large_random_tree_fails)
{
    const Hashes leaves = random_leaves(2000);
    const Hash root = root_hash(leaves);
    for (const std::uint64_t i : {0U, 1U, 1023U, 1024U, 1500U, 1998U, 1999U}) {
        Hashes path = inclusion_proof(i, leaves);
        CHECK(verify_inclusion(i, leaves.size(), leaves[i], path, root));
        Hashes growth = consistency_proof(i + 1, leaves);
        const Hash before = root_hash(std::span{leaves}.first(i + 1));
        CHECK(verify_consistency(i + 1, leaves.size(), before, root, growth));
        for (Hash& hash : path) {
            hash[7] ^= 1;
            CHECK(!verify_inclusion(i, leaves.size(), leaves[i], path, root));
            hash[7] ^= 1;
        }
        for (Hash& hash : growth) {
            hash[31] ^= 0x80;
            CHECK(!verify_consistency(i + 1, leaves.size(), before, root, growth));
            hash[31] ^= 0x80;
        }
        growth.push_back(root);
        CHECK(!verify_consistency(i + 1, leaves.size(), before, root, growth));
    }
}

TEST(merkle_compact_range_has_the_root_of_the_definition_at_every_size)
{
    const Hashes leaves = random_leaves(600);
    CompactRange range;
    for (std::size_t size = 0; size < leaves.size(); ++size) {
        CHECK_EQUAL(hex(root_hash(std::span{leaves}.first(size))), hex(range.root()));
        CHECK(CompactRange::parse(range.serialise()) == range);
        range.append(leaves[size]);
    }
    CHECK_EQUAL(std::uint64_t{600}, range.size());
}

TEST(merkle_compact_range_takes_full_subtrees)
{
    const Hashes leaves = random_leaves(300);
    CompactRange range;
    for (std::size_t at = 0; at + 32 <= leaves.size(); at += 32)
        range.append_subtree(5, root_hash(std::span{leaves}.subspan(at, 32)));
    for (auto at = range.size(); at < leaves.size(); ++at)
        range.append(leaves[at]);
    CHECK_EQUAL(hex(root_hash(leaves)), hex(range.root()));
}

TEST(merkle_compact_range_refuses_bytes_that_do_not_fit)
{
    CompactRange range;
    for (const Hash& leaf : random_leaves(5))
        range.append(leaf);
    const std::string bytes = range.serialise();
    CHECK_EQUAL(std::size_t{8 + 2 * 32}, bytes.size());
    CHECK_THROWS(Error, CompactRange::parse(bytes + "x"));
    CHECK_THROWS(Error, CompactRange::parse(bytes.substr(1)));
    CHECK_THROWS(Error, CompactRange::parse(""));
}
