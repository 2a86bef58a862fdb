// What a run's end means for its caller: the same at once, on its stream, and when it is asked for again.
#pragma once

#include "ledger/events.h"
#include "run/open_run.h"

#include <exception>
#include <string>

namespace forge {

struct RunOutcome {
    int status = 200;       // of HTTP
    std::string code;       // of an error; empty: the run is ok
    std::string detail;
    Json json;              // {eventId, status, output, simulated, basis, schema, ledger, attempts, usage, guards, budget?}
};

RunOutcome outcome_of(const RunResult& result, CancelCause cancelled = CancelCause::none);

/// The result as the ledger's lines have it.  `output` is the revealed one; absent where there is none.
RunResult recorded_result(const RunLines& run, Json output);
/// Whether the finish line has an output, revealed or not.
bool has_output(const RunLines& run);

/// The last event of a run's stream: "done", or "error" with a "message".
struct LastEvent {
    std::string name;
    std::string data;
};
LastEvent last_event(const RunOutcome& outcome);
/// Of a run that has no end in the ledger.
LastEvent last_event(const std::string& run, const std::exception_ptr& failure);

}
