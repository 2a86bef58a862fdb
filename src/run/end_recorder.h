// Records how runs ended; what the ledger does not take in time waits here until it does.
#pragma once

#include "ledger/link.h"
#include "os/pool.h"
#include "run/record.h"

#include <optional>
#include <set>
#include <string>

namespace forge {

/// The loop's thread only.
class EndRecorder {
public:
    EndRecorder(Loop& loop, Pool& compute, LedgerLink& ledger) : loop_(loop), compute_(compute), ledger_(ledger) {}

    /// Where it is in the ledger; nothing when the ledger is away for 10 s: then it is recorded when it is back.  An output that
    /// the ledger cannot hold is dropped, and `end` becomes invalid; one that does not fit among those that wait (64 MiB)
    /// makes it failed.  Throws Error when the ledger refuses it.  Both must outlive the task.
    Task<std::optional<LedgerReply>> record(const RunStart& start, RunEnd& end);
    /// Whether the end of that run waits for the ledger.
    bool holds(const std::string& run) const { return waiting_.contains(run); }

private:
    Task<Packet> made(const RunStart& start, RunEnd& end);
    void keep(const RunStart& start, RunEnd& end, Packet packet);
    Task<void> record_later(std::string run, Packet packet);

    Loop& loop_;
    Pool& compute_;
    LedgerLink& ledger_;
    std::set<std::string> waiting_;
    std::size_t waiting_bytes_ = 0;
};

}
