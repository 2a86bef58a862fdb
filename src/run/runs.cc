// The runs of a worker: the pipeline, top to bottom.
#include "run/runs.h"

#include "base/log.h"
#include "http/message.h"
#include "run/live.h"
#include "run/outcome.h"

namespace forge {

namespace {

constexpr Millis start_patience{1500};     // a caller is told within 2 s that the ledger cannot record
constexpr std::chrono::seconds keep_alive_interval{15};

/// Sets the event when the task has ended, by itself.
Task<void> noted(Task<void> task, bool& is_done, std::exception_ptr& error, Event& event)
{
    try {
        co_await task;
        is_done = true;
    } catch (...) {
        error = std::current_exception();
    }
    event.set();
}

void count_usage(Metrics& metrics, const std::string& name, const RunUsage& usage)
{
    if (usage.input_tokens > 0)
        metrics.tokens_by_template(name, "input") += static_cast<std::uint64_t>(usage.input_tokens);
    if (usage.output_tokens > 0)
        metrics.tokens_by_template(name, "output") += static_cast<std::uint64_t>(usage.output_tokens);
    if (usage.cost)
        metrics.cost_by_template(name, usage.cost->currency) += static_cast<std::uint64_t>(usage.cost->pico);
}

}

Runs::Runs(Parts parts)
    : parts_(std::move(parts)), ends_(parts_.loop, parts_.compute, parts_.ledger),
      keep_alive_(parts_.loop, [this] { keep_alive(); })
{
    keep_alive_.arm(steady_now() + keep_alive_interval);
}

std::unique_ptr<Prepared> Runs::prepare(const RunRequest& request, std::string rbac_digest)
{
    auto prepared = std::make_unique<Prepared>(parts_.preparation.plan(request));
    prepared->start.worker = parts_.worker;
    prepared->start.digests.rbac = std::move(rbac_digest);
    prepared->start.digests.build = parts_.build;
    if (!prepared->needs_files)
        parts_.preparation.collect_and_render(*prepared);
    return prepared;
}

std::shared_ptr<OpenRun> Runs::begin(std::unique_ptr<Prepared> prepared)
{
    const std::chrono::seconds grace{prepared->config->rejoin_seconds};
    auto run = std::make_shared<OpenRun>(parts_.loop, prepared->start, prepared->stages, prepared->is_streamed);
    open_.emplace(run->id, run);
    ++parts_.metrics.runs_open();
    watch(run, grace);
    parts_.loop.start(drive(run, std::move(prepared)));
    return run;
}

// A run that was begun as a stream and that nobody watches any more is cancelled after the grace.
void Runs::watch(const std::shared_ptr<OpenRun>& run, std::chrono::seconds grace)
{
    OpenRun* const watched = run.get();   // the feed is a part of it
    run->feed.observe({.dropped = [this] { ++parts_.metrics.dropped_streams(); },
                       .deserted = [this, watched, grace] {
                           if (watched->is_streamed && !is_leaving_)
                               watched->grace.arm(steady_now() + grace);
                       }});
}

Task<void> Runs::drive(std::shared_ptr<OpenRun> run, std::unique_ptr<Prepared> prepared)
{
    LastEvent last;
    try {
        Task<RunResult> task = pipeline(*run, std::move(prepared));
        run->result = co_await task;
        last = last_event(outcome_of(*run->result, run->cancelled));
    } catch (...) {
        run->failure = std::current_exception();
        last = last_event(run->id, run->failure);
    }
    run->grace.disarm();
    run->feed.end(std::move(last.name), std::move(last.data));
    open_.erase(run->id);
    --parts_.metrics.runs_open();
    run->recorded.open();
    run->ended.open();
}

Task<RunResult> Runs::pipeline(OpenRun& run, std::unique_ptr<Prepared> held)
{
    const bool may_cost = held->targets != nullptr;
    if (may_cost) {
        Task<void> checking = parts_.budgets.check(held->start.caller, held->start.name.id);
        co_await checking;
    }
    if (held->needs_files) {
        Task<std::unique_ptr<Prepared>> collecting = with_evidence(std::move(held));
        held = co_await collecting;
        run.stages = held->stages;
    }
    Prepared& prepared = *held;
    co_await record_start(prepared);
    run.stages.ends(Stage::record_start);
    run.recorded.open();
    RunEnd end;
    co_await answer(prepared, run, end);
    end.guards.insert(end.guards.begin(), prepared.guards.begin(), prepared.guards.end());
    end.duration_us = run.stages.since_begin().count();
    const std::optional<LedgerReply> recorded = co_await ends_.record(prepared.start, end);
    Json budget;
    if (may_cost && recorded) {
        Task<Json> counting = parts_.budgets.counted(prepared.start.caller, prepared.start.name.id, recorded->seq);
        budget = co_await counting;
    }
    run.stages.ends(Stage::record_end);
    count(prepared, run, end);
    if (!recorded)
        throw Refusal(500, "result_not_recorded", "the run ended, but its result cannot be recorded now: ask for it by its id", {},
                      Json::object({{"eventId", prepared.start.run}}));
    co_return RunResult{prepared.start.run, std::move(end), recorded->seq, recorded->leaf, std::move(budget)};
}

Task<std::unique_ptr<Prepared>> Runs::with_evidence(std::unique_ptr<Prepared> prepared)
{
    Preparation& preparation = parts_.preparation;
    auto work = [&preparation, held = std::move(prepared)]() mutable {
        preparation.collect_and_render(*held);
        return std::move(held);
    };
    Task<std::unique_ptr<Prepared>> collected = parts_.collectors.run(std::move(work));
    std::unique_ptr<Prepared> ready = co_await collected;
    co_return ready;
}

Task<void> Runs::record_start(Prepared& prepared)
{
    const LedgerReply reply = co_await parts_.ledger.ask(prepared.started, steady_now() + start_patience);
    if (!reply.ok)
        throw Error("the ledger refuses the start of a run: " + reply.error + ": " + reply.detail);
    prepared.started = Packet{};
    prepared.started.text.shrink_to_fit();
}

// What was recorded as started is recorded as ended, whatever happens in between.
Task<void> Runs::answer(const Prepared& prepared, OpenRun& run, RunEnd& end)
{
    try {
        if (!prepared.refused_by.empty()) {
            end.status = "failed";
            end.refused_by = prepared.refused_by;
        } else if (!prepared.targets) {
            end = prepared.offline;
        } else {
            co_await ask_provider(prepared, run, end);
        }
        co_return;
    } catch (const std::exception& error) {
        log(Severity::error, "run failed: " + describe(error), {{"run", prepared.start.run}});
    }
    end.status = "failed";
    end.output = {};
}

Task<void> Runs::ask_provider(const Prepared& prepared, OpenRun& run, RunEnd& end)
{
    bool is_done = false;
    std::exception_ptr error;
    const LiveParts live{parts_.providers, parts_.compute};
    run.feed.log("asking " + prepared.targets->all.front().name);
    {
        Task<void> asking = noted(answer_live(prepared, run, live, end), is_done, error, run.interrupted);
        if (run.cancelled == CancelCause::none) {
            asking.start();
            co_await run.interrupted.wait();
        }
    }   // and the connection is closed, if the answer has not come
    run.stages.ends(Stage::provider);
    if (error)
        std::rethrow_exception(error);
    if (!is_done && end.refused_by.empty())
        end.status = "cancelled";
}

void Runs::count(const Prepared& prepared, const OpenRun& run, const RunEnd& end)
{
    ++parts_.metrics.runs(end.status);
    ++parts_.metrics.runs_by_template(prepared.start.name.id, end.status);
    count_usage(parts_.metrics, prepared.start.name.id, usage_of(end.attempts));
    for (const GuardReport& report : combined(end.guards))
        ++parts_.metrics.guards(guard_name(report.name), guard_stage_name(report.stage), guard_verdict_name(report.verdict),
                                guard_action_name(report.action));
    for (std::size_t i = 0; i < stage_names.size(); ++i)
        parts_.metrics.run_stages(stage_names[i]).observe(run.stages.took(static_cast<Stage>(i)));
}

Task<void> Runs::until_recorded(std::shared_ptr<OpenRun> run)
{
    co_await run->recorded.wait();
    if (run->failure)
        std::rethrow_exception(run->failure);
}

Task<RunResult> Runs::until_ended(std::shared_ptr<OpenRun> run)
{
    co_await run->ended.wait();
    if (run->failure)
        std::rethrow_exception(run->failure);
    co_return *run->result;
}

std::shared_ptr<OpenRun> Runs::find(const std::string& run) const
{
    const auto found = open_.find(run);
    return found == open_.end() ? nullptr : found->second;
}

void Runs::cancel_all()
{
    for (const auto& [id, run] : open_)
        run->cancel(CancelCause::stopping);
}

void Runs::dismiss_all()
{
    is_leaving_ = true;
    for (const auto& [id, run] : open_)
        run->feed.dismiss();
}

void Runs::keep_alive()
{
    for (const auto& [id, run] : open_)
        run->feed.keep_alive();
    keep_alive_.arm(steady_now() + keep_alive_interval);
}

}
