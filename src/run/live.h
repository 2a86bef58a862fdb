// The live provider: a run's prompt put to a model, its answer held against the schema.
#pragma once

#include "llm/providers.h"
#include "os/pool.h"
#include "run/prepare.h"

namespace forge {

struct LiveParts {
    Providers& providers;
    Pool& compute;
    std::vector<ProviderCall>& calls;   // takes every attempt; outlives the task
};

/// Asks once, and once more for a repair when the output does not satisfy the template's schema.  The end's status is
/// ok, invalid (its output then is what came last), or failed.  The run must outlive the task.
Task<RunEnd> answer_live(const Prepared& run, LiveParts parts);

/// The end of a run that was cancelled after these calls.
RunEnd cancelled_end(const std::vector<ProviderCall>& calls);

}
