// Runs as event streams: /v1/api/execute/stream starts one, /v1/api/executions/{id}/stream joins it.
#include "api/admission.h"
#include "api/execute.h"
#include "api/handlers.h"
#include "api/rows.h"
#include "api/run_answer.h"
#include "api/stream_place.h"
#include "run/relay.h"
#include "run/runs.h"

namespace forge::api {

namespace {

constexpr int looks = 2;   // a run may end between a look at the ledger and one at the runs that are open

Task<Answer> ready(Answer answer)
{
    co_return answer;
}

Answer no_content()
{
    Answer answer;
    answer.status = 204;
    return answer;
}

/// The head of a stream that then follows the run.
Answer following(std::shared_ptr<OpenRun> run, std::uint64_t seen, Action place)
{
    Answer answer = stream_head();
    auto held = std::make_shared<Action>(std::move(place));
    answer.stream = [run = std::move(run), seen, held](fastcgi::Handed handed, const std::string& head) {
        run->join(std::move(handed), head, seen, std::move(*held));
    };
    return answer;
}

/// The same where another worker runs it.
Answer handing_over(Fd owner, JoinRequest request)
{
    Answer answer = stream_head();
    auto held = std::make_shared<Fd>(std::move(owner));
    answer.stream = [held, request](fastcgi::Handed handed, const std::string& head) {
        JoinRequest join = request;
        join.head = head;
        RunRelay::join(*held, std::move(handed), join);
    };
    return answer;
}

/// A stream that has the last event only.
Answer ended(Loop& loop, const std::string& run, const LastEvent& last)
{
    Answer answer = stream_head();
    answer.stream = [&loop, text = ended_stream(run, last.name, last.data)](fastcgi::Handed handed, const std::string& head) {
        auto stream = std::make_unique<EventStream>(loop, std::move(handed), [] {});
        loop.start(let_out(loop, std::move(stream), head + text));
    };
    return answer;
}

/// The same key as that of an earlier run: its end alone.
Task<Answer> ended_again(App& app, Task<RunOutcome> earlier)
{
    const RunOutcome outcome = co_await earlier;
    co_return ended(app.loop, std::string{outcome.json["eventId"].as_text()}, last_event(outcome));
}

Task<Answer> started_stream(App& app, std::unique_ptr<Prepared> prepared, Action place)
{
    const auto run = app.runs.begin(std::move(prepared));
    Task<void> recording = Runs::until_recorded(run);
    co_await recording;
    co_return following(run, 0, std::move(place));
}

/// A client's wish to see a run's stream.
struct Wish {
    Caller caller;
    Request request;
    FeedPlace place;
    bool is_rejoin = false;   // 204 for what is over or not to be seen: a browser then does not come again
};

[[noreturn]] void refuse_foreign()
{
    Refusal refusal(403, "forbidden", "the caller's roles do not allow this", {}, Json::object({{"need", Json::array({"ledger:private"})}}));
    throw refusal;
}

// Whoever sees a run that is not his own leaves a record of it.
Task<void> note_look(App& app, const Wish& wish, const SeenRun& run)
{
    std::vector<LedgerLine> lines{run.lines.started};
    Task<Revealed> revealing = reveal(app, wish.caller, wish.request.id, std::move(lines), run.own_tag);
    co_await revealing;
}

Task<Answer> ended_answer(App& app, const Wish& wish, SeenRun run)
{
    Task<RunOutcome> reading = recorded_outcome(app, wish.request.id, wish.caller, std::move(run.lines));
    const RunOutcome outcome = co_await reading;
    co_return ended(app.loop, wish.place.run, last_event(outcome));
}

Task<Answer> join(App& app, Wish wish)
{
    for (int look = 0; look < looks; ++look) {
        Task<std::optional<SeenRun>> seeing = seen_run(app, wish.caller, wish.place.run);
        std::optional<SeenRun> run = co_await seeing;
        const bool may_see = run && (run->is_own || wish.caller.may(Permission::ledger_private));
        if (!may_see && wish.is_rejoin)
            co_return no_content();
        if (!run)
            throw Refusal(404, "run_not_found", "there is no such run, or it is not yours");
        if (!may_see)
            refuse_foreign();
        if (run->lines.finished && wish.is_rejoin)
            co_return no_content();
        if (run->lines.finished) {
            Task<Answer> ending = ended_answer(app, wish, std::move(*run));
            Answer answer = co_await ending;
            co_return answer;
        }
        if (!run->is_own) {
            Task<void> noting = note_look(app, wish, *run);
            co_await noting;
        }
        if (auto open = app.runs.find(wish.place.run))
            co_return following(std::move(open), wish.place.seen, stream_place(app, wish.request.address, "run", false));
        const std::string worker{parse_json(run->lines.started.bytes)["event"]["worker"].as_text()};
        if (Fd owner = worker == app.worker ? Fd{} : app.relay->connect(worker))
            co_return handing_over(std::move(owner), {.run = wish.place.run, .seen = wish.place.seen, .head = {}, .address = wish.request.address});
    }
    Refusal refusal(503, "run_not_reachable", "the worker of this run does not answer; ask for the run's state by its id");
    refusal.headers.emplace_back("retry-after", "2");
    throw refusal;
}

Task<Answer> rejoin(Call& call)
{
    const auto place = feed_place(call.request.last_event_id);
    if (!place)
        return ready(no_content());
    return join(*call.app, {call.caller, call.request, *place, true});
}

Json query_args(const Call& call)
{
    const auto text = call.request.query_value("args");
    if (!text)
        return Json{};
    try {
        return parse_json(*text);
    } catch (const Error&) {
        throw Refusal(400, "invalid_request", "args is no JSON object", {{"/args", "must be a JSON object"}});
    }
}

Task<Answer> start_stream(Call& call, RunRequest request)
{
    request.is_streamed = true;
    Action place = stream_place(*call.app, call.request.address, "run", false);
    const std::string& body = call.request.method == Method::post ? call.body : call.request.query;
    StartOrEarlier next = start_once(call, std::move(request), "/v1/api/execute/stream", body);
    if (auto* const earlier = std::get_if<Task<RunOutcome>>(&next))
        return ended_again(*call.app, std::move(*earlier));
    return started_stream(*call.app, std::move(std::get<std::unique_ptr<Prepared>>(next)), std::move(place));
}

}

Task<Answer> stream_run_by_query(Call& call)
{
    if (call.request.method == Method::head)
        return ready(stream_head());
    if (!call.request.last_event_id.empty())
        return rejoin(call);
    const auto name = call.request.query_value("templateId");
    if (!name)
        throw Refusal(400, "invalid_request", "templateId is missing", {{"/templateId", "must be a text"}});
    RunRequest request = run_request(call, *name, query_args(call));
    if (const auto profile = call.request.query_value("profile"))
        request.profile = *profile;
    return start_stream(call, std::move(request));
}

Task<Answer> stream_run(Call& call)
{
    if (!call.request.last_event_id.empty())
        return rejoin(call);
    RunRequest request = run_request(call, required_text(call, "templateId"), call.json["args"]);
    if (call.json["profile"])
        request.profile = required_text(call, "profile");
    return start_stream(call, std::move(request));
}

Task<Answer> join_execution(Call& call)
{
    if (!call.caller.may(Permission::ledger_read))
        require(call, Permission::execute_run);
    if (call.request.method == Method::head)
        return ready(stream_head());
    const auto place = feed_place(call.request.last_event_id);
    const std::string& run = call.values.at(0);
    const bool is_rejoin = place && place->run == run;
    return join(*call.app, {call.caller, call.request, is_rejoin ? *place : FeedPlace{run, 0}, is_rejoin});
}

}
