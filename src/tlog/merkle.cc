// The Merkle tree of RFC 6962.
#include "tlog/merkle.h"

#include "base/error.h"

#include <bit>
#include <cassert>
#include <cstring>

namespace forge {

namespace {

constexpr unsigned char leaf_prefix[] = {0};
constexpr unsigned char node_prefix[] = {1};

// The largest power of two below `size`: where a tree divides.
std::size_t left_size(std::size_t size)
{
    return std::bit_floor(size - 1);
}

// SUBPROOF of RFC 6962 section 2.1.2; `known` while the subtree is one whose root the verifier has.
void subproof(std::size_t from, std::span<const Hash> leaves, bool known, Hashes& proof)
{
    if (from == leaves.size()) {
        if (!known)
            proof.push_back(root_hash(leaves));
        return;
    }
    const auto middle = left_size(leaves.size());
    if (from <= middle) {
        subproof(from, leaves.first(middle), known, proof);
        proof.push_back(root_hash(leaves.subspan(middle)));
    } else {
        subproof(from - middle, leaves.subspan(middle), false, proof);
        proof.push_back(root_hash(leaves.first(middle)));
    }
}

}

Hash leaf_hash(std::string_view entry)
{
    return sha256({leaf_prefix, bytes_of(entry)});
}

Hash node_hash(const Hash& left, const Hash& right)
{
    return sha256({node_prefix, left, right});
}

Hash root_hash(std::span<const Hash> leaves)
{
    if (leaves.empty())
        return sha256("");
    if (leaves.size() == 1)
        return leaves.front();
    const auto middle = left_size(leaves.size());
    return node_hash(root_hash(leaves.first(middle)), root_hash(leaves.subspan(middle)));
}

Hash CompactRange::root() const
{
    if (edge_.empty())
        return root_hash({});
    Hash root = edge_.back();
    for (auto left = edge_.rbegin() + 1; left != edge_.rend(); ++left)
        root = node_hash(*left, root);
    return root;
}

std::string CompactRange::serialise() const
{
    std::string bytes;
    for (int shift = 0; shift < 64; shift += 8)
        bytes += static_cast<char>(size_ >> shift);
    for (const Hash& hash : edge_)
        bytes += text_of(hash);
    return bytes;
}

CompactRange CompactRange::parse(std::string_view bytes)
{
    CompactRange range;
    for (std::size_t i = 0; i < 8 && i < bytes.size(); ++i)
        range.size_ |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    range.edge_.resize(static_cast<std::size_t>(std::popcount(range.size_)));
    if (bytes.size() != 8 + range.edge_.size() * sizeof(Hash))
        throw Error("the edge of a tree has " + std::to_string(bytes.size()) + " bytes, which does not fit its size");
    for (std::size_t i = 0; i < range.edge_.size(); ++i)
        std::memcpy(range.edge_[i].data(), bytes.data() + 8 + i * sizeof(Hash), sizeof(Hash));
    return range;
}

Hashes inclusion_proof(std::uint64_t index, std::span<const Hash> leaves)
{
    assert(index < leaves.size());
    if (leaves.size() == 1)
        return {};
    const auto middle = left_size(leaves.size());
    const bool in_left = index < middle;
    Hashes proof = in_left ? inclusion_proof(index, leaves.first(middle))
                           : inclusion_proof(index - middle, leaves.subspan(middle));
    proof.push_back(root_hash(in_left ? leaves.subspan(middle) : leaves.first(middle)));
    return proof;
}

Hashes consistency_proof(std::uint64_t from, std::span<const Hash> leaves)
{
    assert(from > 0 && from <= leaves.size());
    Hashes proof;
    subproof(from, leaves, true, proof);
    return proof;
}

bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf, std::span<const Hash> proof,
                      const Hash& root)
{
    if (index >= size)
        return false;
    std::uint64_t node = index;
    std::uint64_t last = size - 1;
    Hash hash = leaf;
    for (const Hash& sibling : proof) {
        if (last == 0)
            return false;
        if ((node & 1) || node == last) {
            hash = node_hash(sibling, hash);
            for (; !(node & 1) && node != 0; node >>= 1)
                last >>= 1;
        } else {
            hash = node_hash(hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t from, std::uint64_t to, const Hash& root_from, const Hash& root_to,
                        std::span<const Hash> proof)
{
    return from > 0 && verify_subtree_consistency({0, from}, to, root_from, root_to, proof);
}

bool Subtree::is_valid() const noexcept
{
    if (start > end)
        return false;
    const std::uint64_t width = end - start;
    return width <= 1 || (start & (~std::uint64_t{0} >> std::countl_zero(width - 1))) == 0;
}

bool verify_subtree_inclusion(std::uint64_t index, Subtree subtree, const Hash& leaf, std::span<const Hash> proof,
                              const Hash& root)
{
    return subtree.is_valid() && index >= subtree.start
           && verify_inclusion(index - subtree.start, subtree.end - subtree.start, leaf, proof, root);
}

bool verify_subtree_consistency(Subtree subtree, std::uint64_t size, const Hash& subtree_root, const Hash& root,
                                std::span<const Hash> proof)
{
    if (!subtree.is_valid() || subtree.end > size)
        return false;
    if (subtree.start == subtree.end)
        return proof.empty() && subtree_root == root_hash({});
    std::uint64_t first = subtree.start;
    std::uint64_t node = subtree.end - 1;
    std::uint64_t last = size - 1;
    const auto climb = [&] { first >>= 1, node >>= 1, last >>= 1; };
    while (first != node && (subtree.end == size || (node & 1)))
        climb();
    if (first != node && proof.empty())
        return false;
    // Where the subtree is one node of the tree its root is known, else the proof begins with its last full part.
    const bool is_node = first == node;
    Hash small = is_node ? subtree_root : proof.front();
    Hash large = small;
    for (const Hash& sibling : proof.subspan(is_node ? 0 : 1)) {
        if (last == 0)
            return false;
        if ((node & 1) || node == last) {
            if (first < node)
                small = node_hash(sibling, small);
            large = node_hash(sibling, large);
            for (; !(node & 1) && node != 0;)
                climb();
        } else {
            large = node_hash(large, sibling);
        }
        climb();
    }
    return last == 0 && small == subtree_root && large == root;
}

}
