// Starting runs: POST /v1/api/execute, /run/{id}; with an answer at the end, at once (respond-async), or again (Idempotency-Key).
#include "api/execute.h"

#include "api/admission.h"
#include "api/handlers.h"
#include "api/run_answer.h"
#include "auth/access.h"
#include "base/text.h"
#include "run/idempotency.h"
#include "run/runs.h"

#include <algorithm>

namespace forge::api {

namespace {

constexpr Millis contest_patience{2000};   // as long as a start may take to be recorded
constexpr Millis contest_step{10};

bool wants_async(const Request& request)
{
    return std::ranges::any_of(split(request.prefer, ','), [](std::string_view preference) {
        return lower(trim(preference.substr(0, preference.find(';')))) == "respond-async";
    });
}

[[noreturn]] void refuse_again(int status, const char* code, const char* detail, const RunLines& run)
{
    Refusal refusal(status, code, detail, {}, Json::object({{"eventId", parse_json(run.started.bytes)["event"]["run"]}}));
    throw refusal;
}

/// What a request with the key of an earlier one gets.
Task<RunOutcome> earlier_outcome(App& app, std::string request_id, Caller caller, RunLines run, IdempotencyTags tags)
{
    if (!has_body(run, tags))
        refuse_again(409, "idempotency_mismatch", "the key was used with another body", run);
    if (!run.finished)
        refuse_again(409, "in_progress", "the run of this key has not ended yet", run);
    if (run.status == "unknown")
        refuse_again(409, "outcome_unknown", "what came of the run is not known; only a new key runs again", run);
    Task<RunOutcome> reading = recorded_outcome(app, std::move(request_id), std::move(caller), std::move(run));
    RunOutcome outcome = co_await reading;
    co_return outcome;
}

/// Another request has the same key and its start is not recorded yet.
Task<RunOutcome> contested_outcome(App& app, std::string request_id, Caller caller, IdempotencyTags tags)
{
    const SteadyTime deadline = steady_now() + contest_patience;
    while (steady_now() < deadline) {
        if (auto run = app.idempotency.earlier(tags)) {
            Task<RunOutcome> looking =
                earlier_outcome(app, std::move(request_id), std::move(caller), std::move(*run), std::move(tags));
            RunOutcome outcome = co_await looking;
            co_return outcome;
        }
        co_await sleep_until(app.loop, steady_now() + contest_step);
    }
    Refusal refusal(409, "in_progress", "another request with this key is being served");
    refusal.headers.emplace_back("retry-after", "1");
    throw refusal;
}

Task<Answer> answer_again(Request request, Task<RunOutcome> earlier)
{
    const RunOutcome outcome = co_await earlier;
    co_return run_answer(request, outcome);
}

Task<Answer> answer_at_end(App& app, Request request, std::unique_ptr<Prepared> prepared)
{
    const auto run = app.runs.begin(std::move(prepared));
    Task<RunResult> ending = Runs::until_ended(run);
    const RunResult result = co_await ending;
    co_return run_answer(request, outcome_of(result, run->cancelled))
        .with("x-forge-overhead-us", std::to_string(run->stages.overhead().count()));
}

Task<Answer> answer_at_once(App& app, std::unique_ptr<Prepared> prepared)
{
    const auto run = app.runs.begin(std::move(prepared));
    Task<void> recording = Runs::until_recorded(run);
    co_await recording;
    co_return json_answer(Json::object({{"eventId", run->id}, {"status", "running"}}), 202)
        .with("location", "/v1/api/executions/" + run->id)
        .with("preference-applied", "respond-async");
}

}

StartOrEarlier start_once(Call& call, RunRequest request, std::string_view route, std::string_view body)
{
    App& app = *call.app;
    std::optional<NumberLocks::Held> claim;
    if (!call.request.idempotency_key.empty()) {
        const IdempotencyTags tags = app.idempotency.tags(call.caller, route, call.request.idempotency_key, body);
        const auto again = [&]() -> std::optional<Task<RunOutcome>> {
            if (auto earlier = app.idempotency.earlier(tags))
                return earlier_outcome(app, call.request.id, call.caller, std::move(*earlier), tags);
            return std::nullopt;
        };
        if (auto outcome = again())
            return std::move(*outcome);
        claim = app.idempotency.claim(tags);
        if (!claim)
            return contested_outcome(app, call.request.id, call.caller, tags);
        if (auto outcome = again())
            return std::move(*outcome);
        request.idempotency = tags;
    }
    auto prepared = app.runs.prepare(request, app.access.table()->digest());
    prepared->claim = std::move(claim);
    return prepared;
}

RunRequest run_request(const Call& call, std::string template_name, const Json& args)
{
    RunRequest request;
    request.config = call.config;
    request.received = call.received;
    request.template_name = std::move(template_name);
    if (args) {
        if (!args.is_object())
            throw Refusal(400, "invalid_request", "args is no object", {{"/args", "must be an object"}});
        request.args = args;
    }
    request.caller = call.caller;
    request.request_id = call.request.id;
    request.trace = call.request.trace;
    return request;
}

namespace {

Task<Answer> start(Call& call, std::string template_name, std::string_view route)
{
    RunRequest request = run_request(call, std::move(template_name), call.json["args"]);
    if (call.json["profile"])
        request.profile = required_text(call, "profile");
    StartOrEarlier next = start_once(call, std::move(request), route, call.body);
    if (auto* const earlier = std::get_if<Task<RunOutcome>>(&next))
        return answer_again(call.request, std::move(*earlier));
    auto& prepared = std::get<std::unique_ptr<Prepared>>(next);
    if (wants_async(call.request))
        return answer_at_once(*call.app, std::move(prepared));
    return answer_at_end(*call.app, call.request, std::move(prepared));
}

}

Task<Answer> execute(Call& call)
{
    return start(call, required_text(call, "templateId"), "/v1/api/execute");
}

Task<Answer> run_template(Call& call)
{
    return start(call, call.values.at(0), "/run/" + call.values.at(0));
}

}
