// Whether the disk has room for what is asked for, before anything of it is written.
#pragma once

#include "ledger/io.h"

#include <cstdint>
#include <string>

namespace forge {

/// Bytes, chosen when a ledger is made and kept in state/meta.
struct SpaceSizes {
    std::uint64_t segment = 64U << 20;      // each of the write-ahead log's two
    std::uint64_t ballast = 16U << 20;      // a file that is given up so that what was begun can be ended
    std::uint64_t headroom = 8U << 20;      // asked from the disk at a time, and kept free from new runs
    std::uint64_t hysteresis = 64U << 20;   // more than that must be free again after a refusal

    /// For `forge dev` and tests, which may have a disk of a few MiB.
    static constexpr SpaceSizes small() { return {4U << 20, 256U << 10, 256U << 10, 256U << 10}; }
};

/// A run that was started must be able to be finished: each open one reserves `finish_room`, up to `open_runs_limit` of them.
struct SpaceRules {
    SpaceSizes sizes{};
    std::uint64_t floor = 1U << 20;         // kept for checkpoints
    std::uint64_t finish_room = 64U << 10;
    std::uint64_t open_runs_limit = 4096;

    static constexpr SpaceRules small() { return {SpaceSizes::small(), 64U << 10, 8U << 10, 256}; }
};

/// What finishes a run is let through until only `floor` is left.
enum class Urgency { normal, closing };

class Space {
public:
    /// Of the ledger in `root`.
    Space(Io& io, const std::string& root, SpaceRules rules);

    /// Asks the disk, once for each batch; makes the ballast where it is missing and there is room.
    void look();
    /// Gives up the ballast; false when it is gone already.
    bool release_ballast();
    const SpaceRules& rules() const noexcept { return rules_; }
    /// False when there is no room for `bytes` more beside what the open runs have reserved.
    bool admits(std::uint64_t bytes, Urgency urgency, std::uint64_t open_runs);
    /// Something was refused, and there is no room for it yet: then the disk is asked, since nobody may ask for more.
    bool is_full() const;
    /// A write met a full disk in spite of all.
    void note_full() noexcept;

private:
    Io& io_;
    const std::string folder_;
    const SpaceRules rules_;
    const std::string ballast_;
    bool has_ballast_;
    std::uint64_t free_ = 0;
    bool full_ = false;
    std::uint64_t wanted_ = 0;   // of the disk, by what was refused
};

}
