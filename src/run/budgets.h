// Budgets in force: asked before a run, told after it.
#pragma once

#include "auth/caller.h"
#include "base/guarded.h"
#include "ledger/link.h"
#include "metrics/metrics.h"
#include "os/pool.h"
#include "run/budget_sums.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace forge {

/// Runs that are under way are not counted: a hard limit is passed by at most what they spend.  The loop's thread only, but
/// for get() and replace().
class Budgets {
public:
    struct Parts {
        Loop& loop;
        Pool& compute;
        LedgerLink& ledger;
        Events& events;
        BudgetSums& sums;          // and events: must outlive the pool
        Metrics& metrics;
        std::string subject_key;   // of subject_hash(), for logs
    };
    Budgets(Parts parts, SharedBudgets now);

    /// Null: there are none.
    SharedBudgets get() const { return *now_.access(); }
    void replace(SharedBudgets budgets) { now_.access()->swap(budgets); }

    /// Whether one more run may begin.  Throws Refusal: 429 budget_exceeded; 503 budgets_unavailable where there is a
    /// hard limit and the sums are not made yet.  LedgerUnavailable.
    Task<void> check(Caller caller, std::string template_id);
    /// Waits, for a second at most, until the run that ended with line `seq` is counted.  What is over its warning then (the
    /// subject's before the template's), as it stands in the answer; else absent.
    Task<Json> counted(Caller caller, std::string template_id, std::uint64_t seq);
    /// Makes the sums before anybody asks for them; never ends.
    Task<void> look_after();

private:
    struct Object {
        BudgetScope scope;
        std::string name;         // what the sums know it by
        std::string shown;        // for logs: never a subject's name
        BudgetLimits limits;
    };
    Task<std::vector<Object>> objects(SharedBudgets budgets, Caller caller, std::string template_id);
    Task<std::string> tag_of(const Caller& caller);
    Task<bool> followed(BudgetPeriod period, std::uint64_t size, SteadyTime deadline);
    Task<void> follow(BudgetPeriod period, SteadyTime deadline);
    void warn(const Object& object, const BudgetPeriod& period, const Spent& spent);

    Parts parts_;
    mutable Guarded<SharedBudgets> now_;
    std::map<std::string, std::string> tags_;   // of subjects, by owner_of()
    std::shared_ptr<Gate> following_;           // while this worker looks at the ledger; opened when it has
    std::string problem_;                       // the last one that was logged
};

}
