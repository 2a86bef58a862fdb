// Reads a part of what lies still and compares it with what was signed, against rot of the disk.
#pragma once

#include "audit/flaws.h"
#include "audit/ledger_view.h"

#include <cstdint>
#include <optional>

namespace forge {

constexpr unsigned scrub_parts = 7;

struct ScrubReport {
    Flaws findings{};
    std::uint64_t files = 0;
    std::uint64_t tiles = 0;
    std::uint64_t bytes = 0;
};

/// Sealed shards, archives and tiles of a part, 0 to 6, or all of them.  Reads the disk, not the cache.
ScrubReport scrub_ledger(const LedgerView& ledger, std::optional<unsigned> part);

/// The part whose turn it is on a day: each comes once in seven days.
unsigned part_of_today();

}
