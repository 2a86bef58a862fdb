// The Merkle tree of RFC 6962: hashes, the right edge of a growing tree, proofs and their verification.
#pragma once

#include "lib/crypto.h"

#include <cassert>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

using Hashes = std::vector<Hash>;

Hash leaf_hash(std::string_view entry);                          // SHA-256(0x00 || entry)
Hash node_hash(const Hash& left, const Hash& right);             // SHA-256(0x01 || left || right)

/// The root by its definition (RFC 6962 section 2.1), over leaf hashes; of nothing: SHA-256 of nothing.
Hash root_hash(std::span<const Hash> leaves);

/// The roots of the largest full subtrees, left to right: all that is needed to append and to know the root.
class CompactRange {
public:
    void append(const Hash& leaf) { append_subtree(0, leaf); }
    /// The same; on_node(level, hash) is called for the leaf and for each full subtree that it completes, upwards.
    template <class OnNode>
    void append(const Hash& leaf, const OnNode& on_node) { append_subtree(0, leaf, on_node); }
    /// Appends 2^level leaves by the root of their full subtree; size() must be a multiple of 2^level.
    void append_subtree(unsigned level, const Hash& root) { append_subtree(level, root, [](unsigned, const Hash&) {}); }

    std::uint64_t size() const noexcept { return size_; }
    Hash root() const;

    /// 8 bytes of size, least first, and the hashes.
    std::string serialise() const;
    /// Throws Error when the length does not fit the size.
    static CompactRange parse(std::string_view bytes);

    bool operator==(const CompactRange&) const = default;

private:
    template <class OnNode>
    void append_subtree(unsigned level, Hash root, const OnNode& on_node)
    {
        const std::uint64_t leaves = std::uint64_t{1} << level;
        assert((size_ & (leaves - 1)) == 0);
        on_node(level, root);
        for (auto full = size_ >> level; full & 1; full >>= 1) {
            root = node_hash(edge_.back(), root);
            edge_.pop_back();
            on_node(++level, root);
        }
        edge_.push_back(root);
        size_ += leaves;
    }

    std::uint64_t size_ = 0;
    Hashes edge_;
};

/// RFC 6962 section 2.1.1: the path of leaf `index`; index < leaves.size().
Hashes inclusion_proof(std::uint64_t index, std::span<const Hash> leaves);
/// RFC 6962 section 2.1.2: from the tree of the first `from` leaves to that of all; 0 < from <= leaves.size().
Hashes consistency_proof(std::uint64_t from, std::span<const Hash> leaves);

/// RFC 9162 section 2.1.3.2.
bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf, std::span<const Hash> proof,
                      const Hash& root);
/// RFC 9162 section 2.1.4.2; false for `from` 0, about which nothing can be proven.
bool verify_consistency(std::uint64_t from, std::uint64_t to, const Hash& root_from, const Hash& root_to,
                        std::span<const Hash> proof);

/// Leaves [start, end) that form a subtree as draft-ietf-plants-merkle-tree-certs has it; with start 0: consistency.
struct Subtree {
    std::uint64_t start;
    std::uint64_t end;
    /// start <= end, and start is a multiple of the smallest power of two that is not below end - start.
    bool is_valid() const noexcept;
};
bool verify_subtree_inclusion(std::uint64_t index, Subtree subtree, const Hash& leaf, std::span<const Hash> proof,
                              const Hash& root);
bool verify_subtree_consistency(Subtree subtree, std::uint64_t size, const Hash& subtree_root, const Hash& root,
                                std::span<const Hash> proof);

}
