// One call to one target.
#pragma once

#include "base/task.h"
#include "llm/provider.h"
#include "llm/target.h"
#include "os/pool.h"

namespace forge {

struct AttemptParts {
    Loop& loop;
    HttpClient& http;
    Pool& compute;   // for what is too large to be put together or read on the loop
};

/// Asks once, within the target's deadlines and within `most`.  With prompt.on_token the answer is streamed, else it
/// comes whole; neither may be larger than 16 MiB.  Failures are results; destroying the task closes the connection.
/// Target and prompt must outlive it.  The loop's thread only.
Task<Completion> ask(AttemptParts parts, const Target& target, const Prompt& prompt, Millis most);

}
