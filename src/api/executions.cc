// Looking at a run, and cancelling it.
#include "api/admission.h"
#include "api/handlers.h"
#include "api/rows.h"
#include "api/run_answer.h"
#include "run/relay.h"
#include "run/runs.h"

namespace forge::api {

namespace {

constexpr std::chrono::seconds cancel_patience{15};

[[noreturn]] void refuse_unseen()
{
    throw Refusal(404, "run_not_found", "there is no such run, or it is not yours");
}

Task<Json> row(App& app, SeenRun run, Caller caller, std::string request_id)
{
    std::vector<LedgerLine> lines = lines_of(run.lines);
    const Revealed revealed = co_await reveal(app, std::move(caller), std::move(request_id), std::move(lines), run.own_tag);
    Json json = row_of(run.lines, revealed);
    json.set("eventId", json["id"]);
    co_return json;
}

Task<Answer> execution_answer(App& app, std::string id, Caller caller, std::string request_id)
{
    Task<std::optional<SeenRun>> seeing = seen_run(app, caller, std::move(id));
    std::optional<SeenRun> run = co_await seeing;
    if (!run)
        refuse_unseen();
    Task<Json> making = row(app, std::move(*run), std::move(caller), std::move(request_id));
    const Json json = co_await making;
    co_return json_answer(json);
}

/// True when the run has ended.
Task<bool> cancelled(App& app, std::string id, std::string worker)
{
    if (const auto run = app.runs.find(id)) {
        run->cancel(CancelCause::caller);
        Task<bool> ending = run->ended.wait_until(steady_now() + cancel_patience);
        const bool has_ended = co_await ending;
        co_return has_ended;
    }
    if (worker == app.worker)
        co_return true;   // it has just ended
    Task<bool> asking = app.relay->cancel(std::move(worker), std::move(id));
    const bool has_ended = co_await asking;
    co_return has_ended;
}

Task<Answer> cancel_answer(App& app, std::string id, Caller caller)
{
    Task<std::optional<SeenRun>> seeing = seen_run(app, caller, id);
    std::optional<SeenRun> run = co_await seeing;
    if (!run || !run->is_own)
        refuse_unseen();
    if (run->lines.finished)
        throw Refusal(409, "already_ended", "the run has ended: there is nothing to cancel", {},
                      Json::object({{"eventId", id}, {"status", run->lines.status}}));
    std::string worker{parse_json(run->lines.started.bytes)["event"]["worker"].as_text()};
    Task<bool> cancelling = cancelled(app, id, std::move(worker));
    co_await cancelling;
    Task<std::optional<SeenRun>> looking = seen_run(app, std::move(caller), id);
    run = co_await looking;
    const std::string status = run ? run->lines.status : "running";
    co_return json_answer(Json::object({{"eventId", id}, {"status", status}}), status == "running" ? 202 : 200);
}

}

Task<Answer> show_execution(Call& call)
{
    if (!call.caller.may(Permission::ledger_read))
        require(call, Permission::execute_run);
    return execution_answer(*call.app, call.values.at(0), call.caller, call.request.id);
}

Task<Answer> cancel_execution(Call& call)
{
    return cancel_answer(*call.app, call.values.at(0), call.caller);
}

}
