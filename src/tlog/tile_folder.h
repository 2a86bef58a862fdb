// Tiles as files: <folder>/<level>/x001/234, and <folder>/<level>/x001/234.p/<width> where the tree's right edge was.
#pragma once

#include "tlog/tile_tree.h"

#include <optional>
#include <string>

namespace forge {

/// Any thread.
class TileFolder {
public:
    /// "…/ledger/tile"; it need not be there.
    explicit TileFolder(std::string folder) : folder_(std::move(folder)) {}

    /// The first `width` hashes of a tile, from its own file or from one that has more of the same tile.  Nothing where
    /// there is none, or only files that have not the length that their names say.
    std::optional<Hashes> read(const Tile& tile) const;
    /// The file that a tile has, below the ledger's root: "tile/0/000.p/5".
    static std::string file_of(const Tile& tile) { return "tile/" + tile.path(); }

    /// For a TileTree; throws Error naming the file that is missing.  The folder object must outlive it.
    ReadTile reader() const;

private:
    std::optional<Hashes> read_file_of(const Tile& tile, unsigned width) const;

    std::string folder_;
};

}
