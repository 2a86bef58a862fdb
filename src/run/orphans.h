// Runs that nobody would close any more: those of workers that are gone, and starts that were taken after all.
#pragma once

#include "ledger/events.h"
#include "ledger/link.h"
#include "metrics/metrics.h"
#include "os/pool.h"
#include "run/life.h"
#include "run/runs.h"

#include <map>
#include <string>
#include <vector>

namespace forge {

/// Looks for them every few seconds, and closes each once: the ledger refuses a second end.  A run whose worker is gone is
/// closed as unknown, with how that is known; one of this worker's whose start was recorded though it was given up
/// (the ledger answered too late) as failed: nothing was asked.  The loop's thread only.
class Orphans {
public:
    struct Parts {
        Loop& loop;
        Pool& compute;
        LedgerLink& ledger;
        Metrics& metrics;
        Events& events;
        const WorkerLife& life;
        const Runs& runs;
    };
    explicit Orphans(Parts parts) : parts_(parts) {}

    /// Never ends.
    Task<void> look_after();

    /// An open run, as its start's line tells it; whose it was is not needed, since there is no output.
    struct Open {
        RunStart start;
        std::string gone;    // why its worker lives no more; empty: it is ours
    };

private:
    /// Workers of open runs by the place of their start: a line is read once.  One of ours that is under way then will be
    /// closed by itself.
    using Known = std::map<std::uint64_t, std::string>;
    struct Look {
        std::vector<Open> candidates;
        Known known;
        bool is_complete = true;
    };

    Look found(const Known& known) const;
    Task<void> look();
    Task<void> close(Open run);

    Parts parts_;
    Known known_;
};

}
