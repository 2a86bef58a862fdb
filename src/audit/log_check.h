// The write-ahead log, for a verification: whether it holds what no checkpoint covers yet, while its writer may go on.
#pragma once

#include "audit/flaws.h"
#include "base/clock.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace forge {

struct LogReport {
    std::vector<Flaw> flaws{};       // kinds log and contradiction
    std::uint64_t end = 0;           // seq behind the log's last line, or the checkpoint's size where the log has none
    std::uint64_t unwritten = 0;     // lines that the log alone has: forge-ledgerd's next start brings them to their shard
};

struct LogQuestion {
    const std::string& root;
    const std::string& uuid;                   // as ledger.genesis says; empty: not known
    std::function<std::uint64_t()> covered;    // size of the newest checkpoint, asked again for each look
    Millis patience;                           // a writer changes log and shards between two reads
};

/// Reads the log's lines from the checkpoint on and compares them with the shards, byte by byte; looks again as long as there
/// is something to find.  Nothing where this process may not read it (it is
/// the daemon's own, and backups and mirrors have none), or it was not made yet.  Memory: the longest frame.  Throws SystemError.
std::optional<LogReport> check_log(const LogQuestion& question);

}
