// The live provider: a run's prompt put to a model, its answer held against guards and schema.
#pragma once

#include "llm/providers.h"
#include "os/pool.h"
#include "run/open_run.h"
#include "run/prepare.h"

namespace forge {

struct LiveParts {
    Providers& providers;
    Pool& compute;
};

/// Asks once, and once more for a repair when the output does not satisfy the template's schema.  What is told to the run's
/// feed has passed the guards.  The end's status is ok, invalid (its output then is what came last), failed, or cancelled.
/// `end` has what happened so far whenever the task is destroyed; all must outlive the task.
Task<void> answer_live(const Prepared& prepared, OpenRun& run, LiveParts parts, RunEnd& end);

}
