// Verifies a ledger as a whole, from its files alone, while its writer may go on.
#pragma once

#include "audit/flaws.h"
#include "audit/tree_keys.h"
#include "audit/verify_line.h"
#include "base/clock.h"
#include "tlog/merkle.h"
#include "tlog/tile.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace forge {

struct VerifyProgress {
    std::uint64_t bytes;         // read so far
    std::uint64_t bytes_total;   // of all shards when it began
};

/// A size and its root as known from outside the folder.
struct PinnedRoot {
    std::uint64_t size;
    Hash root;
    std::string from;   // "the pin"
};

/// Where an earlier verification ended; its tree was compared with the tiles already.
struct VerifyStart {
    CompactRange tree{};
    std::array<Hashes, tile_levels> edges{};   // of the tiles of its right edge
    Hash last{};                               // the hash of its last line
    std::vector<KeyInTree> keys{};             // that its lines name
    std::string day{};                         // the shard of that line
    std::uint64_t offset = 0;                  // behind that line in its shard
    std::uint64_t first = 0;                   // seq of the shard's first line
};

struct VerifyOptions {
    std::string root;
    std::optional<std::string> vkey{};   // the key as known from outside the folder
    std::optional<PinnedRoot> pin{};
    std::optional<VerifyStart> start{};  // then only what was added since
    Thoroughness thoroughness = Thoroughness::full;
    unsigned jobs = 1;
    Millis patience{2000};               // for a checkpoint that covers every line that was seen
    std::function<void(const VerifyProgress&)> on_progress{};
};

struct VerifyReport {
    Flaws findings{};
    std::vector<std::string> warnings{};
    std::string origin{};
    std::uint64_t size = 0;              // lines covered by the checkpoint that was compared
    Hash root{};
    std::uint64_t lines = 0;
    std::uint64_t lines_in_log = 0;      // of them, those that no checkpoint covers and the write-ahead log has as well
    std::uint64_t bytes = 0;
    std::uint64_t shards = 0;
    std::uint64_t seals = 0;
    std::uint64_t checkpoints = 0;       // older ones, compared as well
    std::uint64_t tiles = 0;
    std::uint64_t private_values = 0;
    std::uint64_t private_erased = 0;    // all covered by redactions, else they are findings
    std::uint64_t private_not_looked_at = 0;
    std::uint64_t private_unopened = 0;  // there, but nobody has compared them with what was committed to
    std::vector<KeyInTree> keys{};       // that the lines name
    std::string vkey{};                  // the key that the checkpoint was opened with
    std::string day{};                   // of the last line that was looked at; where the shard ends, where it begins
    std::uint64_t day_bytes = 0;
    std::uint64_t day_first = 0;
};

/// Throws Error when there is no ledger, or a file cannot be read for lack of rights.
VerifyReport verify_ledger(const VerifyOptions& options);

}
