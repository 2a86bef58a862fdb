// The runs of a worker: each recorded before and after, each closed once.
#pragma once

#include "ledger/link.h"
#include "llm/providers.h"
#include "metrics/metrics.h"
#include "os/pool.h"
#include "run/budgets.h"
#include "run/end_recorder.h"
#include "run/open_run.h"
#include "run/prepare.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace forge {

class Runs {
public:
    struct Parts {
        Metrics& metrics;
        Loop& loop;
        Pool& compute;
        Pool& collectors;
        LedgerLink& ledger;
        Preparation& preparation;
        Providers& providers;
        Budgets& budgets;
        std::string worker;      // this worker's life, as it stands in the record
        std::string build;
    };
    explicit Runs(Parts parts);

    /// Any thread: what can be done of a run without waiting.  Throws Refusal.
    std::unique_ptr<Prepared> prepare(const RunRequest& request, std::string rbac_digest);

    // The loop's thread only.

    /// The run begins and goes on by itself, whoever waits for it.
    std::shared_ptr<OpenRun> begin(std::unique_ptr<Prepared> prepared);
    /// Throws Refusal, LedgerUnavailable: then nothing ran.
    static Task<void> until_recorded(std::shared_ptr<OpenRun> run);
    /// Throws also Refusal 500 result_not_recorded.
    static Task<RunResult> until_ended(std::shared_ptr<OpenRun> run);

    /// One that has not ended yet; null when there is none.
    std::shared_ptr<OpenRun> find(const std::string& run) const;
    /// Whether the run is this worker's to close: it is open, or its end waits for the ledger.
    bool knows(const std::string& run) const { return open_.contains(run) || ends_.holds(run); }
    std::size_t open() const noexcept { return open_.size(); }
    /// Closes what runs as cancelled.
    void cancel_all();
    /// Says bye on all streams; nobody is waited for from now on.
    void dismiss_all();

private:
    Task<void> drive(std::shared_ptr<OpenRun> run, std::unique_ptr<Prepared> prepared);
    Task<RunResult> pipeline(OpenRun& run, std::unique_ptr<Prepared> held);
    Task<std::unique_ptr<Prepared>> with_evidence(std::unique_ptr<Prepared> prepared);
    Task<void> record_start(Prepared& prepared);
    Task<void> answer(const Prepared& prepared, OpenRun& run, RunEnd& end);
    Task<void> ask_provider(const Prepared& prepared, OpenRun& run, RunEnd& end);
    void watch(const std::shared_ptr<OpenRun>& run, std::chrono::seconds grace);
    void count(const Prepared& prepared, const OpenRun& run, const RunEnd& end);
    void keep_alive();

    Parts parts_;
    std::map<std::string, std::shared_ptr<OpenRun>> open_;
    EndRecorder ends_;
    bool is_leaving_ = false;
    Loop::Timer keep_alive_;
};

}
