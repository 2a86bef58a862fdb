// Answers about runs, for the handlers that start and show them.
#pragma once

#include "api/call.h"
#include "run/outcome.h"

#include <memory>

namespace forge {

/// 200 with the result, or the error that the run's end means.
Answer run_answer(const Request& request, const RunOutcome& outcome);

/// How a run ended, as it is recorded, for who may see it.  Refusal 410 when its output was erased.
Task<RunOutcome> recorded_outcome(App& app, std::string request_id, Caller caller, RunLines run);

/// The run's lines when the caller may know of it: his own, or with ledger:read.
struct SeenRun {
    RunLines lines;
    bool is_own = false;
    std::string own_tag;
};
Task<std::optional<SeenRun>> seen_run(App& app, Caller caller, std::string id);

}
