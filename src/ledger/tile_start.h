// The tiles at start: taken from the disk where they have the root that was signed, else made again from the lines.
#pragma once

#include "ledger/entry_index.h"
#include "ledger/head.h"
#include "ledger/shards.h"
#include "ledger/tree_tiles.h"
#include "tlog/checkpoint.h"

#include <functional>
#include <optional>
#include <vector>

namespace forge {

/// What is known of the lines, after recovery.
struct KnownLines {
    Shards& shards;
    EntryIndex& index;
    const LedgerHead& head;
    const std::optional<Checkpoint>& published;
    SteadyTime now;
    const std::vector<Hash>& newest;   // leaf hashes of the last lines, as many as recovery has at hand
};

/// Brings the tiles to the head's tree.  Where full tiles are missing and the lines cannot bring them back, it says so in
/// the log and goes on; throws LedgerDamaged when even the right edge is lost.
void start_tiles(TreeTiles& tiles, const KnownLines& lines);

/// Calls `take` with the leaf hash of each line from `first` on.  Throws LedgerDamaged where lines are missing.
void for_each_leaf(const KnownLines& lines, std::uint64_t first, const std::function<void(const Hash&)>& take);

}
