// The runs of a worker: the pipeline, top to bottom.
#include "run/runs.h"

#include "base/log.h"
#include "http/message.h"
#include "run/live.h"
#include "run/offline.h"

#include <fcntl.h>

namespace forge {

namespace {

constexpr Millis start_patience{1500};     // a caller is told within 2 s that the ledger cannot record
constexpr Millis end_patience{10'000};
constexpr std::size_t most_kept_results = 1000;

std::int64_t micros_since(SteadyTime begin)
{
    return std::chrono::duration_cast<Micros>(steady_now() - begin).count();
}

/// What the schema says of an output.
void judge(const Prepared& prepared, RunEnd& end)
{
    const auto& schema = prepared.compiled->output;
    end.schema = !schema ? "none" : schema->accepts(end.output) ? "valid" : "invalid";
    end.status = end.schema == "invalid" ? "invalid" : "ok";
}

/// An output that the ledger cannot hold is dropped, and the run has failed.
Packet end_packet(const RunStart& start, RunEnd& end)
{
    try {
        return encode_append(finished_event(start, end));
    } catch (const Error& error) {
        log(Severity::error, "output cannot be recorded: " + std::string{error.what()}, {{"run", start.run}});
    }
    end.output = Json{};
    end.status = "failed";
    return encode_append(finished_event(start, end));
}

[[noreturn]] void refuse_reply(const LedgerReply& reply)
{
    throw Error("the ledger refuses an event: " + reply.error + ": " + reply.detail);
}

}

// A run between its start and its end; in the list of open ones for as long as it lives.
struct Runs::Running {
    explicit Running(Runs& runs_) : runs(runs_)
    {
        runs.open_.insert(this);
        ++runs.parts_.metrics.runs_open();
    }
    ~Running()
    {
        runs.open_.erase(this);
        --runs.parts_.metrics.runs_open();
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    Runs& runs;
    SteadyTime begin = steady_now();
    Event* waiting = nullptr;   // what to set to have it look at `cancelled`
    bool cancelled = false;
};

Task<RunResult> Runs::start(const RunRequest& request, std::string rbac_digest)
{
    Prepared prepared = parts_.preparation.plan(request);
    prepared.targets = parts_.targets.get();
    prepared.start.worker = parts_.worker;
    prepared.start.digests.providers = prepared.targets ? prepared.targets->digest : "";
    prepared.start.digests.rbac = std::move(rbac_digest);
    prepared.start.digests.build = parts_.build;
    if (!prepared.needs_files)
        parts_.preparation.collect_and_render(prepared);
    return run(std::move(prepared));
}

Task<RunResult> Runs::run(Prepared prepared)
{
    Running running{*this};
    if (prepared.needs_files)
        prepared = co_await with_evidence(std::move(prepared));
    co_await record_start(prepared.start);
    RunEnd end = co_await answer_or_failure(prepared, running);
    end.duration_us = micros_since(running.begin);
    const LedgerReply recorded = co_await record_end(prepared, end);
    count(prepared.start, end);
    co_return RunResult{prepared.start.run, std::move(end), recorded.seq, recorded.leaf};
}

Task<Prepared> Runs::with_evidence(Prepared prepared)
{
    Preparation& preparation = parts_.preparation;
    auto work = [&preparation, held = std::move(prepared)]() mutable {
        preparation.collect_and_render(held);
        return std::move(held);
    };
    Task<Prepared> collected = parts_.collectors.run(std::move(work));
    Prepared ready = co_await collected;
    co_return ready;
}

Task<void> Runs::record_start(const RunStart& start)
{
    const Packet packet = encode_append(started_event(start));
    const LedgerReply reply = co_await parts_.ledger.ask(packet, steady_now() + start_patience);
    if (!reply.ok)
        refuse_reply(reply);
}

// What was recorded as started is recorded as ended, whatever happens in between.
Task<RunEnd> Runs::answer_or_failure(const Prepared& prepared, Running& running)
{
    try {
        RunEnd end = co_await answer(prepared, running);
        co_return end;
    } catch (const std::exception& error) {
        log(Severity::error, "run failed: " + describe(error), {{"run", prepared.start.run}});
    }
    RunEnd end;
    end.status = "failed";
    co_return end;
}

Task<RunEnd> Runs::answer(const Prepared& prepared, Running& running)
{
    if (prepared.config->ai_mode == AiMode::live) {
        RunEnd end = co_await ask_provider(prepared, running);
        co_return end;
    }
    RunEnd end = answer_offline(prepared);
    judge(prepared, end);
    co_return end;
}

Task<RunEnd> Runs::ask_provider(const Prepared& prepared, Running& running)
{
    std::vector<ProviderCall> calls;
    const LiveParts live{parts_.providers, parts_.compute, calls};
    Event answered_or_cancelled{parts_.loop};
    running.waiting = &answered_or_cancelled;
    std::optional<RunEnd> end;
    std::exception_ptr error;
    Task<void> asking = detail::run_and_set(answer_live(prepared, live), end, error, answered_or_cancelled);
    if (!running.cancelled) {
        asking.start();
        co_await answered_or_cancelled.wait();
    }
    running.waiting = nullptr;
    asking = {};   // what is under way now ends, and is noted as cancelled
    if (error)
        std::rethrow_exception(error);
    co_return end ? std::move(*end) : cancelled_end(calls);
}

Task<LedgerReply> Runs::record_end(const Prepared& prepared, RunEnd& end)
{
    Packet packet = end_packet(prepared.start, end);
    bool unavailable = false;
    try {
        LedgerReply reply = co_await parts_.ledger.ask(packet, steady_now() + end_patience);
        if (!reply.ok)
            refuse_reply(reply);
        co_return reply;
    } catch (const LedgerUnavailable& error) {
        log(Severity::error, "ledger append error: " + error.reason, {{"run", prepared.start.run}});
        unavailable = true;
    }
    if (unavailable && kept_results_ < most_kept_results)
        parts_.loop.start(record_later(std::move(packet)));
    throw Refusal(500, "result_not_recorded", "the run ended, but its result cannot be recorded now: ask for it by its id", {},
                  Json::object({{"eventId", prepared.start.run}}));
}

// Bounded by most_kept_results; a worker that ends before leaves the run to be closed as unknown.
Task<void> Runs::record_later(Packet packet)
{
    ++kept_results_;
    Task<LedgerReply> asking = ask_until_answered(parts_.ledger, std::move(packet));
    co_await asking;
    --kept_results_;
}

void Runs::count(const RunStart& start, const RunEnd& end)
{
    ++parts_.metrics.runs(end.status);
    ++parts_.metrics.runs_by_template(start.name.id, end.status);
}

void Runs::cancel_all()
{
    for (Running* const running : open_) {
        running->cancelled = true;
        if (running->waiting)
            running->waiting->set();
    }
}

}
