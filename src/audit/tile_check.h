// The tiles, compared with the lines they were made of.
#pragma once

#include "audit/flaws.h"
#include "tlog/tile.h"
#include "tlog/tile_folder.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace forge {

/// Nodes come as CompactRange::append gives them; a tile is compared as soon as a checkpoint covers it, since it was written before that.
class TileCheck {
public:
    /// `published` gives the size that the newest checkpoint covers now.
    TileCheck(const std::string& root, Flaws& findings, std::function<std::uint64_t()> published);

    void add(unsigned level, const Hash& node) { cutter_.add(level, node); }
    /// Goes on behind `size` leaves, whose partial tiles are these.
    void resume(std::uint64_t size, std::array<Hashes, tile_levels> edges) { cutter_.resume(size, std::move(edges)); }
    /// Compares what a tree of `size` leaves must have and was not compared yet.  Nothing when fewer were added: then
    /// lines are missing, which is found elsewhere.
    void finish(std::uint64_t size);
    /// Full and partial tiles that were compared.
    std::uint64_t count() const noexcept { return count_; }

private:
    struct Full {
        Tile tile;
        Hashes hashes;
        std::uint64_t end;   // leaves below its right end
    };
    void compare(const Tile& tile, const Hashes& hashes);
    void compare_narrower(const Tile& tile, const Hashes& hashes);
    void compare_deferred(std::uint64_t size);
    void found(const Tile& tile, const Hashes& expected, const Hashes& hashes);

    std::string root_;
    Flaws& findings_;
    std::function<std::uint64_t()> published_;
    TileFolder folder_;
    TileCutter cutter_;
    std::vector<Full> deferred_;
    std::uint64_t covered_ = 0;
    std::uint64_t count_ = 0;
};

}
