// Tiles (c2sp.org/tlog-tiles): a tree's hashes in pieces of up to 256, the paths that name them, and how they are made.
#pragma once

#include "tlog/merkle.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

constexpr unsigned tile_height = 8;
constexpr unsigned tile_width = 1U << tile_height;
constexpr unsigned tile_levels = 64 / tile_height;   // of the largest tree that can be

enum class TileKind { hashes, entries };

/// A tile of hashes, or the bundle of entries that belongs to a tile of level 0.
struct Tile {
    TileKind kind = TileKind::hashes;
    unsigned level = 0;
    std::uint64_t index = 0;
    unsigned width = tile_width;   // 1 to 256

    bool is_full() const noexcept { return width == tile_width; }
    /// "0/x001/234", "1/000.p/17", "entries/x001/234.p/5": what stands behind "tile/".
    std::string path() const;
    /// Nothing for anything that path() would not say.
    static std::optional<Tile> parse(std::string_view path);

    bool operator==(const Tile&) const = default;
};

/// How many hashes a tile has in a tree of `size` leaves: 0 to 256.
unsigned tile_width_in(std::uint64_t size, unsigned level, std::uint64_t index);

/// How many leaves a tree must have for a tile: those left of the tile's right end.  The largest number where that is more
/// than any tree has.
std::uint64_t leaves_below(const Tile& tile);

/// The tiles of a tree of `size` leaves that are not full, from level 0 up.
std::vector<Tile> partial_tiles(std::uint64_t size);

/// The bytes of a tile, and back; nothing when they are not exactly `width` hashes.
std::string tile_bytes(std::span<const Hash> hashes);
std::optional<Hashes> parse_tile(std::string_view bytes, unsigned width);

/// Cuts the nodes of a growing tree into tiles: what is full is given away at once, the right edge is kept.
class TileCutter {
public:
    /// Called with each full tile, level 0 first; must not change the cutter.
    using OnFull = std::function<void(const Tile&, const Hashes&)>;
    explicit TileCutter(OnFull on_full) : on_full_(std::move(on_full)) {}

    /// A leaf (level 0) or the root of a full subtree, in the order in which CompactRange::append gives them.
    void add(unsigned level, const Hash& node);
    std::uint64_t size() const noexcept { return size_; }
    /// The hashes of a tile of partial_tiles(size()).
    const Hashes& edge(unsigned level) const { return levels_[level]; }

    /// The state that add() would have reached; `edges` are those of partial_tiles(size), from level 0 up.
    /// Throws Error when a length does not fit.
    void resume(std::uint64_t size, std::array<Hashes, tile_levels> edges);

private:
    OnFull on_full_;
    std::uint64_t size_ = 0;
    std::array<Hashes, tile_levels> levels_;
};

/// Makes the tiles of a growing tree from its leaves.
class TileBuilder {
public:
    explicit TileBuilder(TileCutter::OnFull on_full) : cutter_(std::move(on_full)) {}

    void add(const Hash& leaf)
    {
        tree_.append(leaf, [this](unsigned level, const Hash& node) { cutter_.add(level, node); });
    }
    std::uint64_t size() const noexcept { return cutter_.size(); }
    const Hashes& edge(unsigned level) const { return cutter_.edge(level); }
    /// As TileCutter::resume.
    void resume(std::uint64_t size, std::array<Hashes, tile_levels> edges);
    Hash root() const { return tree_.root(); }

private:
    TileCutter cutter_;
    CompactRange tree_;
};

}
