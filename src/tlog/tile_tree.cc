// A tree as its tiles have it.
#include "tlog/tile_tree.h"

#include "base/error.h"

#include <bit>
#include <cassert>

namespace forge {

namespace {

constexpr std::size_t kept_tiles = 1024;   // 16 KiB each

// Where a tree of this many leaves divides.
std::uint64_t left_width(std::uint64_t width)
{
    return std::bit_floor(width - 1);
}

}

const TileTree::Rows& TileTree::rows(unsigned level, std::uint64_t index)
{
    const auto known = tiles_.find({level, index});
    if (known != tiles_.end())
        return known->second;
    const Tile tile{TileKind::hashes, level, index, tile_width_in(size_, level, index)};
    Rows rows{read_(tile)};
    if (rows.front().size() != tile.width)
        throw Error("tile/" + tile.path() + ": not " + std::to_string(tile.width) + " hashes");
    while (rows.back().size() > 1) {
        const Hashes& below = rows.back();
        Hashes above;
        for (std::size_t i = 0; i + 1 < below.size(); i += 2)
            above.push_back(node_hash(below[i], below[i + 1]));
        rows.push_back(std::move(above));
    }
    if (tiles_.size() >= kept_tiles)
        tiles_.clear();
    return tiles_[{level, index}] = std::move(rows);
}

// The root of the full subtree of the 2^level leaves that begin at index * 2^level.
Hash TileTree::node(unsigned level, std::uint64_t index)
{
    const unsigned height = level % tile_height;
    const std::uint64_t in_row = tile_width >> height;
    return rows(level / tile_height, index / in_row)[height].at(index % in_row);
}

Hash TileTree::range(std::uint64_t begin, std::uint64_t end)
{
    const std::uint64_t width = end - begin;
    if (std::has_single_bit(width) && begin % width == 0)
        return node(static_cast<unsigned>(std::countr_zero(width)), begin / width);
    const std::uint64_t middle = begin + left_width(width);
    const Hash left = range(begin, middle);
    return node_hash(left, range(middle, end));
}

Hash TileTree::root(std::uint64_t size)
{
    assert(size <= size_);
    return size == 0 ? root_hash({}) : range(0, size);
}

void TileTree::path(std::uint64_t index, std::uint64_t begin, std::uint64_t end, Hashes& proof)
{
    if (end - begin == 1)
        return;
    const std::uint64_t middle = begin + left_width(end - begin);
    const bool in_left = index < middle;
    in_left ? path(index, begin, middle, proof) : path(index, middle, end, proof);
    proof.push_back(in_left ? range(middle, end) : range(begin, middle));
}

Hashes TileTree::inclusion_proof(std::uint64_t index, std::uint64_t size)
{
    assert(index < size && size <= size_);
    Hashes proof;
    path(index, 0, size, proof);
    return proof;
}

// SUBPROOF of RFC 6962 section 2.1.2 for the leaves [begin, end), of which those below `from` are the older tree's.
void TileTree::subproof(std::uint64_t from, std::uint64_t begin, std::uint64_t end, bool known, Hashes& proof)
{
    if (from == end) {
        if (!known)
            proof.push_back(range(begin, end));
        return;
    }
    const std::uint64_t middle = begin + left_width(end - begin);
    if (from <= middle) {
        subproof(from, begin, middle, known, proof);
        proof.push_back(range(middle, end));
    } else {
        subproof(from, middle, end, false, proof);
        proof.push_back(range(begin, middle));
    }
}

Hashes TileTree::consistency_proof(std::uint64_t from, std::uint64_t to)
{
    assert(from > 0 && from <= to && to <= size_);
    Hashes proof;
    subproof(from, 0, to, true, proof);
    return proof;
}

}
