// Whether the disk has room for what is asked for, before anything of it is written (LEDGER.md 4.7).
#pragma once

#include "ledger/io.h"

#include <cstdint>
#include <string>

namespace forge {

/// Bytes.  A run that was started must be able to be finished: each open one reserves `finish_room`, up to
/// `open_runs_limit` of them.
struct SpaceRules {
    std::uint64_t floor = 1U << 20;         // kept for what closes runs and for checkpoints
    std::uint64_t headroom = 16U << 20;     // kept free from everything but what closes runs
    std::uint64_t finish_room = 64U << 10;
    std::uint64_t open_runs_limit = 4096;
    std::uint64_t hysteresis = 64U << 20;   // more than that must be free again after a refusal

    /// For `forge dev` and tests, which may have a disk of a few MiB.
    static SpaceRules small() { return {64U << 10, 512U << 10, 8U << 10, 256, 256U << 10}; }
};

/// What finishes a run is let through until only `floor` is left.
enum class Urgency { normal, closing };

class Space {
public:
    Space(Io& io, std::string folder, SpaceRules rules) : io_(io), folder_(std::move(folder)), rules_(rules) {}

    /// Asks the disk, once for each batch.
    void look();
    /// False when there is no room for `bytes` more beside what the open runs have reserved.
    bool admits(std::uint64_t bytes, Urgency urgency, std::uint64_t open_runs);
    /// Refused something and not yet found room again.
    bool is_full() const noexcept { return full_; }
    /// A write met a full disk in spite of all.
    void note_full() noexcept { full_ = true; }

private:
    Io& io_;
    const std::string folder_;
    const SpaceRules rules_;
    std::uint64_t free_ = 0;
    bool full_ = false;
};

}
