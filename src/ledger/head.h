// What the engine knows about the lines so far: all it needs to append the next one.
#pragma once

#include "base/clock.h"
#include "ledger/entry.h"
#include "ledger/log_signers.h"
#include "lib/json.h"
#include "tlog/merkle.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

struct SealedDay {
    std::string day;
    std::uint64_t first;   // seq of its first line
    std::uint64_t bytes;   // of its shard
};

struct LedgerHead {
    CompactRange tree{};
    Hash last_leaf{};                  // 32 zero bytes before the first line
    WallTime ts{};                     // of the last line
    std::string day{};                 // of the last line
    std::uint64_t day_first = 0;       // seq of that day's first line
    std::uint64_t offset = 0;          // bytes in that day's shard
    std::uint64_t private_offset = 0;  // bytes in that day's sidecar
    std::uint64_t bytes = 0;           // in all shards
    std::string rights{};              // as recorded last
    std::vector<LogKey> keys{};        // as ledger.genesis and ledger.key name them, in their order
    std::map<std::string, std::uint64_t> types{};
    std::map<std::string, std::uint64_t> statuses{};   // of run.finished
    std::vector<SealedDay> days{};     // those before `day`

    std::uint64_t size() const noexcept { return tree.size(); }
    /// Runs that were started and are not finished, as far as the counts tell.
    std::uint64_t open_runs() const;
    /// It has had its last line.
    bool is_frozen() const { return types.contains("ledger.frozen"); }
    /// Takes a line in, all but the tree; `line_bytes` with its LF, `private_bytes` what it has in the sidecar.
    void add(const EntryView& entry, const Hash& leaf, std::size_t line_bytes, std::size_t private_bytes);

    /// For a quick start: the same head later.  parse throws Error for anything else.
    std::string serialise() const;
    static LedgerHead parse(std::string_view text);
};

/// Counts of types and statuses, as JSON objects.
Json counts_json(const std::map<std::string, std::uint64_t>& counts);

}
