// The runs of a worker: each recorded before and after, each closed once.
#pragma once

#include "ledger/link.h"
#include "llm/current_targets.h"
#include "llm/providers.h"
#include "metrics/metrics.h"
#include "os/pool.h"
#include "run/prepare.h"

#include <set>
#include <string>

namespace forge {

/// A run whose end is in the ledger.
struct RunResult {
    std::string run;
    RunEnd end;
    std::uint64_t index = 0;   // of its finish line
    std::string leaf;
};

class Runs {
public:
    struct Parts {
        Metrics& metrics;
        Loop& loop;
        Pool& compute;
        Pool& collectors;
        LedgerLink& ledger;
        Preparation& preparation;
        CurrentTargets& targets;
        Providers& providers;
        std::string worker;      // this instance, as it stands in the record
        std::string build;
    };
    explicit Runs(Parts parts) : parts_(std::move(parts)) {}

    /// Any thread: what can be done of a run without waiting; gives the task that does the rest on the loop.
    /// Both throw Refusal; the task also LedgerUnavailable, when the start could not be recorded: then nothing ran.
    Task<RunResult> start(const RunRequest& request, std::string rbac_digest);

    // The loop's thread only.
    std::size_t open() const noexcept { return open_.size(); }
    /// Closes what runs as cancelled.
    void cancel_all();

private:
    struct Running;
    Task<RunResult> run(Prepared prepared);
    Task<Prepared> with_evidence(Prepared prepared);
    Task<void> record_start(const RunStart& start);
    Task<RunEnd> answer_or_failure(const Prepared& prepared, Running& running);
    Task<RunEnd> answer(const Prepared& prepared, Running& running);
    Task<RunEnd> ask_provider(const Prepared& prepared, Running& running);
    Task<LedgerReply> record_end(const Prepared& prepared, RunEnd& end);
    Task<void> record_later(Packet packet);
    void count(const RunStart& start, const RunEnd& end);

    Parts parts_;
    std::set<Running*> open_;
    std::size_t kept_results_ = 0;
};

}
