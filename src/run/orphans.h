// Runs that nobody would close any more: those of workers that are gone, and starts that were taken after all.
#pragma once

#include "ledger/events.h"
#include "ledger/link.h"
#include "metrics/metrics.h"
#include "os/pool.h"
#include "run/life.h"
#include "run/record.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace forge {

/// Looks for them every few seconds, and closes each once: the ledger refuses a second end.  A run whose worker is gone is
/// closed as unknown, with how that is known; one of this worker's that it has given up as failed: its start was taken after
/// the ledger had been waited for, and nothing was asked, or the ledger refused its end.  The loop's thread only.
class Orphans {
public:
    struct Parts {
        Loop& loop;
        Pool& compute;
        LedgerLink& ledger;
        Metrics& metrics;
        Events& events;
        const WorkerLife& life;
        std::function<bool(const std::string& run)> knows;   // whether a run of ours is under way: Runs::knows
        std::chrono::seconds settled{3};   // a start that is older was acknowledged before, or given up
    };
    explicit Orphans(Parts parts) : parts_(parts) {}

    /// Never ends.
    Task<void> look_after();
    /// One look.
    Task<void> look();

    /// An open run, as its start's line tells it; whose it was is not needed, since there is no output.
    struct Open {
        RunStart start;
        std::string gone;    // why its worker lives no more; empty: it is ours
    };

private:
    /// Open runs by the place of their start: a line is read once.
    struct Seen {
        std::string run;
        std::string worker;
    };
    using Known = std::map<std::uint64_t, Seen>;
    struct Look {
        std::vector<Open> candidates;
        Known known;
        bool is_complete = true;
    };

    Look found(const Known& known) const;
    Task<void> close(Open run);

    Parts parts_;
    Known known_;
};

}
