// Runs: starting one, and looking at one.
#include "api/admission.h"
#include "api/handlers.h"
#include "api/rows.h"
#include "auth/access.h"
#include "run/runs.h"

namespace forge::api {

namespace {

RunRequest request_of(const Call& call, std::string template_name)
{
    RunRequest request;
    request.config = call.config;
    request.template_name = std::move(template_name);
    if (call.json["profile"])
        request.profile = required_text(call, "profile");
    if (const Json args = call.json["args"]) {
        if (!args.is_object())
            throw Refusal(400, "invalid_request", "args is no object", {{"/args", "must be an object"}});
        request.args = args;
    }
    request.caller = call.caller;
    request.request_id = call.request.id;
    return request;
}

Json json_of(const RunResult& result)
{
    const RunEnd& end = result.end;
    return Json::object({{"eventId", result.run},
                         {"status", end.status},
                         {"output", end.output},
                         {"simulated", end.simulated},
                         {"basis", end.basis},
                         {"schema", end.schema},
                         {"ledger", Json::object({{"index", result.index}, {"leaf", result.leaf}})},
                         {"attempts", attempts_json(end.attempts)},
                         {"usage", usage_json(end)},
                         {"guards", end.guards}});
}

Task<Answer> answered(Request request, Task<RunResult> task)
{
    const RunResult result = co_await task;
    if (result.end.status == "invalid")
        co_return problem(request, 422, "output_invalid", "the output does not satisfy the template's schema", {}, json_of(result));
    if (result.end.status == "failed") {
        const bool late = !result.end.attempts.empty() && result.end.attempts.back().status == "timeout";
        co_return problem(request, late ? 504 : 502, late ? "provider_timeout" : "provider_failed",
                          late ? "the provider did not answer in time" : "no provider gave an answer", {}, json_of(result));
    }
    if (result.end.status == "cancelled")
        co_return problem(request, 503, "cancelled", "the run was cancelled because this worker stops", {}, json_of(result))
            .with("retry-after", "1");
    co_return json_answer(json_of(result));
}

Task<Answer> start(Call& call, std::string template_name)
{
    return answered(call.request, call.app->runs.start(request_of(call, std::move(template_name)), call.app->access.table()->digest()));
}

Task<Answer> execution_answer(App& app, std::string id, Caller caller, std::string request_id)
{
    Events& events = app.events;
    auto look = [&events, id] { return events.run(id); };
    auto looking = app.compute.run(std::move(look));
    const std::optional<RunLines> run = co_await looking;
    Subject self{caller.iss, caller.sub};
    const std::string own = co_await subject_tag(app, std::move(self));
    const bool visible = run && (caller.may(Permission::ledger_read) || is_own(run->started, own));
    if (!visible)
        throw Refusal(404, "run_not_found", "there is no such run, or it is not yours");
    std::vector<LedgerLine> lines = lines_of(*run);
    const Revealed revealed = co_await reveal(app, caller, request_id, std::move(lines), own);
    Json row = row_of(*run, revealed);
    row.set("eventId", row["id"]);
    co_return json_answer(row);
}

}

Task<Answer> show_execution(Call& call)
{
    if (!call.caller.may(Permission::ledger_read))
        require(call, Permission::execute_run);
    return execution_answer(*call.app, call.values.at(0), call.caller, call.request.id);
}

Task<Answer> execute(Call& call)
{
    return start(call, required_text(call, "templateId"));
}

Task<Answer> run_template(Call& call)
{
    return start(call, call.values.at(0));
}

}
