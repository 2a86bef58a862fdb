// Proofs of random trees of up to 2,000 leaves, compared with what RFC 6962 defines, written down here once more and sharing
// nothing with src but OpenSSL.  FORGE_EXHAUSTIVE=1 takes every leaf and every pair of sizes; else some, by a printed seed.
#include "tests/unit/seed.h"
#include "tests/unit/test.h"

#include "tlog/merkle.h"
#include "tlog/tile_tree.h"

#include <openssl/sha.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace forge;

namespace {

constexpr std::size_t largest = 2000;

Hash digest(char begin, std::string_view left, std::string_view right = {})
{
    const std::string bytes = begin + std::string{left} + std::string{right};
    Hash hash;
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash.data());
    return hash;
}

std::string_view text_of(const Hash& hash)
{
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// Section 2.1, word by word: D[n] are the entries, k is the largest power of two below n.
class Definition {
public:
    explicit Definition(std::vector<std::string> entries) : entries_(std::move(entries)) {}

    // MTH(D[begin:end])
    Hash mth(std::size_t begin, std::size_t end)
    {
        const auto known = hashes_.find({begin, end});
        if (known != hashes_.end())
            return known->second;
        const std::size_t n = end - begin;
        Hash hash;
        if (n == 0)
            SHA256(nullptr, 0, hash.data());
        else if (n == 1)
            hash = digest('\0', entries_[begin]);
        else
            hash = digest('\1', text_of(mth(begin, begin + k(n))), text_of(mth(begin + k(n), end)));
        return hashes_[{begin, end}] = hash;
    }

    // PATH(m, D[begin:end])
    Hashes path(std::size_t m, std::size_t begin, std::size_t end)
    {
        const std::size_t n = end - begin;
        if (n == 1)
            return {};
        const std::size_t middle = begin + k(n);
        if (m < k(n))
            return with(path(m, begin, middle), mth(middle, end));
        return with(path(m - k(n), middle, end), mth(begin, middle));
    }

    // PROOF(m, D[n]) = SUBPROOF(m, D[n], true)
    Hashes subproof(std::size_t m, std::size_t begin, std::size_t end, bool b)
    {
        const std::size_t n = end - begin;
        if (m == n)
            return b ? Hashes{} : Hashes{mth(begin, end)};
        const std::size_t middle = begin + k(n);
        if (m <= k(n))
            return with(subproof(m, begin, middle, b), mth(middle, end));
        return with(subproof(m - k(n), middle, end, false), mth(begin, middle));
    }

private:
    static std::size_t k(std::size_t n)
    {
        std::size_t power = 1;
        while (power * 2 < n)
            power *= 2;
        return power;
    }
    static Hashes with(Hashes hashes, const Hash& last)
    {
        hashes.push_back(last);
        return hashes;
    }

    std::vector<std::string> entries_;
    std::map<std::pair<std::size_t, std::size_t>, Hash> hashes_;
};

// A tree of random entries, as the definition and as src have it; the tiles are cut from the definition's hashes.
class RandomTree {
public:
    explicit RandomTree(std::mt19937& random) : random_(random), definition_(entries(random))
    {
        for (std::size_t i = 0; i < largest; ++i)
            leaves_.push_back(definition_.mth(i, i + 1));
    }

    void check_root(std::size_t size)
    {
        must(size, size, definition_.mth(0, size) == root_hash(std::span{leaves_}.first(size)), "root");
        must(size, size, definition_.mth(0, size) == tiles_.root(size), "root of the tiles");
    }

    void check_inclusion(std::size_t index, std::size_t size)
    {
        Hashes proof = definition_.path(index, 0, size);
        const Hash root = definition_.mth(0, size);
        must(index, size, proof == tiles_.inclusion_proof(index, size), "inclusion proof of the tiles");
        if (random_() % 64 == 0)
            must(index, size, proof == inclusion_proof(index, std::span{leaves_}.first(size)), "inclusion proof");
        const auto holds = [&](std::size_t at) { return verify_inclusion(at, size, leaves_[index], proof, root); };
        must(index, size, holds(index), "a good inclusion proof is refused");
        must(index, size, !holds((index + 1 + random_() % largest) % (largest + 1)), "another index is taken");
        if (spoil(proof))
            must(index, size, !holds(index), "a changed inclusion proof is taken");
    }

    void check_consistency(std::size_t from, std::size_t to)
    {
        Hashes proof = definition_.subproof(from, 0, to, true);
        const Hash old_root = definition_.mth(0, from), root = definition_.mth(0, to);
        must(from, to, proof == tiles_.consistency_proof(from, to), "consistency proof of the tiles");
        if (random_() % 64 == 0)
            must(from, to, proof == consistency_proof(from, std::span{leaves_}.first(to)), "consistency proof");
        const auto holds = [&](std::size_t at) { return verify_consistency(at, to, old_root, root, proof); };
        must(from, to, holds(from), "a good consistency proof is refused");
        const std::size_t other = random_() % (to + 1);
        must(from, to, other == from || !holds(other), "another size is taken");
        if (spoil(proof))
            must(from, to, !holds(from), "a changed consistency proof is taken");
    }

private:
    static std::vector<std::string> entries(std::mt19937& random)
    {
        std::vector<std::string> all;
        while (all.size() < largest) {
            std::string& entry = all.emplace_back(random() % 80, '\0');
            std::ranges::generate(entry, [&] { return static_cast<char>(random()); });
            entry += std::to_string(all.size());   // no two are the same
        }
        return all;
    }
    static void must(std::size_t one, std::size_t two, bool holds, const char* what)
    {
        if (!holds)
            CPPUNIT_FAIL(std::to_string(one) + " of " + std::to_string(two) + ": " + what);
    }
    // One bit of one hash, or a hash too many or too few.
    bool spoil(Hashes& proof)
    {
        if (random_() % 8 == 0)
            proof.push_back(leaves_[random_() % largest]);
        else if (proof.empty())
            return false;
        else if (random_() % 8 == 0)
            proof.pop_back();
        else
            proof[random_() % proof.size()][random_() % 32] ^= static_cast<unsigned char>(1 << random_() % 8);
        return true;
    }
    Hashes tile(const Tile& tile)
    {
        const std::size_t width = tile.level == 0 ? 1 : tile_width;
        Hashes hashes;
        for (std::size_t i = tile.index * tile_width; i < tile.index * tile_width + tile.width; ++i)
            hashes.push_back(definition_.mth(i * width, (i + 1) * width));
        return hashes;
    }

    std::mt19937& random_;
    Definition definition_;
    Hashes leaves_;
    TileTree tiles_{largest, [this](const Tile& which) { return tile(which); }};
};

// Calls check(smaller, size) for every pair of up to `all` leaves, then for `count` random ones.
template <class Check>
std::size_t for_pairs(std::size_t all, std::size_t count, std::mt19937& random, Check check)
{
    std::size_t pairs = 0;
    for (std::size_t size = 1; size <= all; ++size)
        for (std::size_t smaller = 0; smaller < size; ++smaller, ++pairs)
            check(smaller, size);
    for (; count > 0 && all < largest; --count, ++pairs) {
        const std::size_t size = 1 + random() % largest;
        check(random() % size, size);
    }
    return pairs;
}

}

TEST(every_proof_of_a_random_tree_is_the_one_of_the_definition)
{
    std::mt19937 random{test::seed()};
    RandomTree tree{random};
    const std::size_t all = test::is_exhaustive() ? largest : 100;
    for (std::size_t size = 0; size <= largest; ++size)
        tree.check_root(size);
    std::size_t pairs = for_pairs(all, 10'000, random, [&](auto index, auto size) { tree.check_inclusion(index, size); });
    pairs += for_pairs(all, 10'000, random, [&](auto before, auto size) { tree.check_consistency(before + 1, size); });
    std::cout << "# random trees: " << pairs << " proofs\n";
}
