// The commit point: what makes a batch of lines durable, all of it or nothing.  The seam behind which the write-ahead
// log and PostgreSQL go.
#pragma once

#include "ledger/env.h"
#include "ledger/shards.h"

#include <cstdint>
#include <string>

namespace forge {

/// Lines of one day, each with its LF, and what belongs to them in the sidecar.
struct Batch {
    std::string day{};
    std::uint64_t first_seq = 0;
    std::string lines{};
    std::string sidecar{};
};

class CommitLog {
public:
    virtual ~CommitLog() = default;

    /// Brings the shards to exactly what was committed; called once, before anything is read or appended.
    virtual void recover() = 0;
    /// Durable when it returns.  Throws Refused when nothing of the batch is left anywhere, LedgerFailed when nobody can
    /// tell: then nothing more may be asked of this object, and recovery decides.
    virtual void append(const Batch& batch) = 0;
    /// Makes everything appended durable where it belongs; called before a checkpoint covers it.
    virtual void settle() = 0;
    /// After settle(): the sidecars are about to be changed below their ends, bytes in place of as many bytes.  When this
    /// returns, recovery does not write again what was appended so far, and none of its private bytes is left in the
    /// log's own files.
    virtual void forget() = 0;
};

/// Commits on the day's shard itself: the sidecar first, then the lines, each written and synced.
class ShardLog : public CommitLog {
public:
    ShardLog(Io& io, Env& env, Shards& shards, std::string root);
    /// A last line without LF was never acknowledged: it is saved in quarantine/ and cut off.
    void recover() override;
    void append(const Batch& batch) override;
    void settle() override {}   // every append is at its final place
    void forget() override {}   // and nowhere else

private:
    void quarantine(const std::string& day, std::uint64_t offset, const std::string& tail);

    Io& io_;
    Env& env_;
    Shards& shards_;
    const std::string root_;
};

}
