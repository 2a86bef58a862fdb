// A run from its begin to its end in the ledger, for all who have to do with it.
#pragma once

#include "os/wait.h"
#include "run/feed.h"
#include "run/record.h"
#include "run/stages.h"

#include <exception>
#include <optional>
#include <string>

namespace forge {

/// A run whose end is in the ledger.
struct RunResult {
    std::string run;
    RunEnd end;
    std::uint64_t index = 0;   // of its finish line
    std::string leaf;
    Json budget{};             // the one that is over its warning, as the answer shows it; absent where none is
};

enum class CancelCause { none, caller, deserted, stopping };

/// The loop's thread only.  Made by Runs::begin, shared with those who wait for it.
struct OpenRun {
    OpenRun(Loop& loop, const RunStart& start, StageClock stages_, bool is_streamed_)
        : id(start.run), caller(start.caller), is_streamed(is_streamed_), stages(stages_), feed(loop, start.run), recorded(loop),
          ended(loop), interrupted(loop), grace(loop, [this] { cancel(CancelCause::deserted); })
    {
    }
    OpenRun(const OpenRun&) = delete;
    OpenRun& operator=(const OpenRun&) = delete;

    /// Has the provider's call given up; what is not waiting for one goes on to its end.
    void cancel(CancelCause cause)
    {
        if (cancelled == CancelCause::none)
            cancelled = cause;
        interrupted.set();
    }

    /// Somebody watches it, perhaps again.
    void join(fastcgi::Handed handed, std::string_view head, std::uint64_t seen, Action place)
    {
        grace.disarm();
        feed.join(std::move(handed), head, seen, std::move(place));
    }

    const std::string id;
    const Caller caller;
    const bool is_streamed;    // its text is asked for as a stream
    StageClock stages;
    RunFeed feed;
    Gate recorded;             // its start is in the ledger, or it has ended without that
    Gate ended;                // with `result` or `failure`
    std::optional<RunResult> result{};
    std::exception_ptr failure{};
    CancelCause cancelled = CancelCause::none;
    Event interrupted;         // by a cancel, or a guard that has seen enough
    Loop::Timer grace;         // until a run that nobody watches any more is cancelled
};

}
