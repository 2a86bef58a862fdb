// A tree as its tiles have it: roots and proofs of any size, from the few tiles that each needs.
#pragma once

#include "tlog/tile.h"

#include <functional>
#include <map>
#include <utility>

namespace forge {

/// The hashes of a tile, exactly `width` of them; throws Error where they are not to be had.
using ReadTile = std::function<Hashes(const Tile&)>;

/// Tiles are believed: compare a root, or verify a proof, before anybody is given it.  Keeps what it has read.
/// All functions throw what reading throws.  For one thread.
class TileTree {
public:
    /// Of the first `size` leaves.
    TileTree(std::uint64_t size, ReadTile read) : size_(size), read_(std::move(read)) {}

    std::uint64_t size() const noexcept { return size_; }
    Hash leaf(std::uint64_t index) { return node(0, index); }
    /// Of the first `size` leaves; size <= size().
    Hash root(std::uint64_t size);
    Hash root() { return root(size_); }
    /// As in tlog/merkle.h; index < size <= size(), 0 < from <= to <= size().
    Hashes inclusion_proof(std::uint64_t index, std::uint64_t size);
    Hashes consistency_proof(std::uint64_t from, std::uint64_t to);

private:
    using Rows = std::vector<Hashes>;   // a tile's hashes, and above them those of their full subtrees
    const Rows& rows(unsigned level, std::uint64_t index);
    Hash node(unsigned level, std::uint64_t index);
    Hash range(std::uint64_t begin, std::uint64_t end);
    void path(std::uint64_t index, std::uint64_t begin, std::uint64_t end, Hashes& proof);
    void subproof(std::uint64_t from, std::uint64_t begin, std::uint64_t end, bool known, Hashes& proof);

    std::uint64_t size_;
    ReadTile read_;
    std::map<std::pair<unsigned, std::uint64_t>, Rows> tiles_;
};

}
