// A ledger as the tools that mend it see it: its signed size and root, and the leaf hashes that follow from them.
#pragma once

#include "audit/ledger_days.h"
#include "audit/log_keys.h"
#include "audit/tree_keys.h"
#include "tlog/tile_folder.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace forge {

struct LedgerView {
    std::string root;
    LogKeys keys;
    Checkpoint checkpoint;
    TreeKeys by_lines;   // the same keys, with what the lines say of their end, as far as they are whole
};

/// Believes only what the pinned key signed, or without one the folder's, and what no line had retired it for.  Throws Error
/// when there is no checkpoint that holds.
LedgerView open_ledger(const std::string& root, const std::optional<std::string>& vkey);

struct SeqRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;   // behind the last

    std::uint64_t size() const noexcept { return end - begin; }
    bool operator==(const SeqRange&) const = default;
};

/// Which lines a day has, as far as the checkpoint covers them, from the signed notes of the days.  Throws Error when a
/// note that is needed is missing or does not hold.
SeqRange lines_of_day(const LedgerView& ledger, const std::string& day);
/// The signed note of a day that is sealed; throws Error for one that does not hold.
std::optional<DayNote> note_of_day(const LedgerView& ledger, const std::string& day);

/// Leaf hashes from tiles, each proven by the tiles above it up to the signed root.  For one thread.
class AuthenticLeaves {
public:
    explicit AuthenticLeaves(const LedgerView& ledger);

    /// Nothing where a tile on the way to the root is missing or wrong.
    std::optional<Hash> at(std::uint64_t seq);
    std::uint64_t size() const noexcept { return size_; }
    /// The file of the first tile that was found wrong, below the root; empty when none was.
    const std::string& wrong_tile() const noexcept { return wrong_tile_; }

private:
    const Hashes* tile(unsigned level, std::uint64_t index);
    void prove_edge(const Hash& root);

    TileFolder folder_;
    std::uint64_t size_;
    std::map<std::pair<unsigned, std::uint64_t>, std::optional<Hashes>> edge_;
    std::map<unsigned, std::pair<std::uint64_t, std::optional<Hashes>>> newest_;   // of each level, the tile used last
    std::string wrong_tile_;
};

}
