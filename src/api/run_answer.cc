// Answers about runs.
#include "api/run_answer.h"

#include "api/rows.h"

namespace forge {

Answer run_answer(const Request& request, const RunOutcome& outcome)
{
    if (outcome.code.empty())
        return json_answer(outcome.json);
    Answer answer = problem(request, outcome.status, outcome.code, outcome.detail, {}, outcome.json);
    if (outcome.status == 503)
        answer.with("retry-after", "1");
    return answer;
}

Task<RunOutcome> recorded_outcome(App& app, std::string request_id, Caller caller, RunLines run)
{
    Subject self{caller.iss, caller.sub};
    std::string own = co_await subject_tag(app, std::move(self));
    std::vector<LedgerLine> lines{*run.finished};
    lines.front().subject = run.started.subject;   // a run that was closed for a dead worker has none of its own
    const Revealed revealed = co_await reveal(app, std::move(caller), std::move(request_id), std::move(lines), std::move(own));
    const auto output = revealed.find({run.finished->seq, "output"});
    if (output == revealed.end() && has_output(run))
        throw Refusal(410, "result_erased", "the run's output was erased", {},
                      Json::object({{"eventId", parse_json(run.started.bytes)["event"]["run"]}}));
    Json value = output == revealed.end() ? Json{} : parse_json(output->second.value);
    co_return outcome_of(recorded_result(run, std::move(value)));
}

Task<std::optional<SeenRun>> seen_run(App& app, Caller caller, std::string id)
{
    Events& events = app.events;
    auto look = [&events, id] { return events.run(id); };
    auto looking = app.compute.run(std::move(look));
    std::optional<RunLines> lines = co_await looking;
    Subject self{caller.iss, caller.sub};
    std::string own = co_await subject_tag(app, std::move(self));
    if (!lines)
        co_return std::nullopt;
    const bool is_mine = is_own(lines->started, own);
    if (!is_mine && !caller.may(Permission::ledger_read))
        co_return std::nullopt;
    co_return SeenRun{std::move(*lines), is_mine, std::move(own)};
}

}
