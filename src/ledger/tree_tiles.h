// The tiles of the ledger's tree: made while lines are committed, on the disk before a checkpoint is
// signed over them.  Derived: what is missing or wrong is made again from the lines.
#pragma once

#include "base/clock.h"
#include "ledger/io.h"
#include "tlog/tile_tree.h"

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace forge {

/// Errors are those of GrowingFile; what could not be written is kept for the next write().
class TreeTiles {
public:
    TreeTiles(Io& io, std::string root);

    /// Takes the right edge of the tree of `size` leaves from the disk.  False, and empty, when it has not this root.
    bool load(std::uint64_t size, const Hash& root, SteadyTime now);
    /// Whether all full tiles of the tree's first `size` leaves have a file, and the newest thousand the right hashes.
    bool is_complete(std::uint64_t size) const;
    /// Starts with the empty tree.
    void clear();
    /// As add, for a tree that must be on the disk already: writes only the tiles that are not there as they must be.
    void repair(const Hash& leaf);

    void add(const Hash& leaf) { builder_.add(leaf); }
    std::uint64_t size() const noexcept { return builder_.size(); }
    Hash root() const { return builder_.root(); }

    /// Makes every tile of the tree as it is now durable; write_full: those that are full.
    void write(SteadyTime now);
    void write_full(SteadyTime now);
    /// Removes partial tiles whose full tile has been there for an hour.  Throws nothing.
    void remove_partials(SteadyTime now);
    /// Tiles that write() has found missing or wrong and made again.
    std::uint64_t repaired() const noexcept { return repaired_; }

    /// A tile of the tree as it is now, or of a smaller one; throws Error where the disk has it not.
    Hashes read(const Tile& tile) const;
    /// For proofs about the tree as it is now; good until the next add.
    TileTree tree() const
    {
        return {size(), [this](const Tile& tile) { return read(tile); }};
    }

private:
    struct Made {
        Tile tile;
        Hashes hashes;
        bool is_suspect;   // may be on the disk already
    };
    std::string path_of(const Tile& tile) const { return root_ + "/tile/" + tile.path(); }
    std::optional<Hashes> stored(const Tile& tile) const;
    bool is_under_the_next(const Tile& tile) const;
    bool is_stored(const Tile& tile, const std::string& bytes) const;
    void put(const Tile& tile, const std::string& bytes);
    bool put_if_missing(const Tile& tile, const std::string& bytes);
    void remove_partials_of(const Tile& tile);
    void make_folder_of(const std::string& path);
    void write_made(SteadyTime now);
    void sync_folders();

    Io& io_;
    const std::string root_;
    TileBuilder builder_;
    bool repairing_ = false;
    std::deque<Made> unwritten_;                          // full ones, in the order in which they became so
    std::vector<Tile> written_edge_;                      // partial ones of the last write()
    std::deque<std::pair<SteadyTime, Tile>> full_since_;
    std::set<std::string> folders_;
    std::set<std::string> unsynced_;                      // folders with names that may be in the kernel's cache only
    std::uint64_t repaired_ = 0;
};

}
