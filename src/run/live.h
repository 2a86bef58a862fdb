// The live provider: a run's prompt put to a model, its answer held against the schema.
#pragma once

#include "llm/provider.h"
#include "metrics/metrics.h"
#include "os/pool.h"
#include "run/prepare.h"

namespace forge {

struct LiveParts {
    Provider& provider;
    HttpDeadlines deadlines;
    Pool& compute;
    Metrics& metrics;
};

/// Asks once, and once more for a repair when the output does not satisfy the template's schema.  The end's status is
/// ok, invalid (its output then is what came last), or failed.  The run must outlive the task.
Task<RunEnd> answer_live(const Prepared& run, LiveParts parts);

/// The end of a run that was cancelled while the provider was asked since `begin`.
RunEnd cancelled_end(const Provider& provider, SteadyTime begin);

}
