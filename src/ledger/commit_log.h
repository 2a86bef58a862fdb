// The commit point: what makes a batch of lines durable, all of it or nothing.  The seam behind which the write-ahead
// log and PostgreSQL go.
#pragma once

#include "base/clock.h"
#include "lib/crypto.h"

#include <cstdint>
#include <string>

namespace forge {

/// Lines of one day, each with its LF, what belongs to them in the sidecar, and where both go.
struct Batch {
    std::string day{};                  // "2026-11-23"
    std::uint64_t first_seq = 0;
    std::uint32_t count = 0;
    WallTime ts{};
    std::uint64_t lines_offset = 0;     // in the day's shard
    std::uint64_t sidecar_offset = 0;   // in the day's sidecar
    Hash root_before{};                 // of the tree of the lines before
    Hash root_after{};
    bool is_sidecar_written = false;    // too large to ride along: it was synced at its place before
    std::string lines{};
    std::string sidecar{};              // empty when is_sidecar_written

    std::uint64_t end_seq() const noexcept { return first_seq + count; }
};

class CommitLog {
public:
    virtual ~CommitLog() = default;

    /// Bytes of lines and sidecar that one batch may have.
    virtual std::uint64_t capacity() const = 0;
    /// False when something must be released first.
    virtual bool has_room(const Batch& batch) const = 0;
    /// Durable when it returns.  Throws SyncFailed when nobody can tell: then nothing more may be asked of this object,
    /// and recovery decides.
    virtual void append(const Batch& batch) = 0;
    /// All that was appended is durable at its place and covered by a published checkpoint.
    virtual void release() = 0;
    /// Leaves no byte of what was released.
    virtual void clear() = 0;
};

}
