// The guardian's mode, the runbook's probe, and the stub.
#include "guardian/mode.h"

#include "api/handlers.h"
#include "base/text.h"
#include "config/config.h"
#include "lib/crypto.h"

namespace forge::api {

namespace {

Answer with_mode(Answer answer, const GuardianState& state)
{
    answer.with("x-guardian-mode", std::string{state.name()});
    if (!state.is_agent)
        answer.with("x-guardian-reason", state.reason);
    return answer;
}

}

Answer guardian_mode(Call& call)
{
    const GuardianState state = call.app->guardian.state();
    const Json body = Json::object({{"mode", state.name()}, {"reason", state.reason}, {"ts", rfc3339(state.since)}});
    Answer answer = with_mode(json_answer(body), state);
    const std::string tag = "\"" + hex(sha256(answer.body)).substr(0, 16) + "\"";
    answer.with("etag", tag).with("cache-control", "no-cache");
    if (call.request.method == Method::head)
        answer.status = 204;
    const std::string& known = call.request.if_none_match;   // a list, and nginx or a cache may have made its tags weak
    if (known == "*" || known.find(tag) != std::string::npos)
        answer.status = 304;
    return answer;
}

// A stub in production answers nobody, with a token or without.
std::optional<Answer> guardian_unavailable(Call& call)
{
    const GuardianState state = call.app->guardian.state();
    if (state.is_agent || !call.config->is_production())
        return std::nullopt;
    return with_mode(problem(call.request, 503, "guardian_unavailable",
                             "the guardian agent does not answer (" + state.reason + "), and production has no stub"),
                     state);
}

Answer guardian_probe(Call& call)
{
    return with_mode(problem(call.request, 405, "method_not_allowed", "ask with POST"), call.app->guardian.state())
        .with("allow", "POST");
}

Answer guardian_ask(Call& call)
{
    const GuardianState state = call.app->guardian.state();
    if (trim(call.json["input"].as_text()).empty())
        throw Refusal(400, "invalid_request", "the question is empty", {{"/input", "must be a text that is not blank"}});
    const Json body = Json::object({{"text", "Guardian (stub): no agent answers here (" + state.reason + ")."},
                                    {"events", Json::array()},
                                    {"mode", "stub"}});
    return with_mode(json_answer(body), state);
}

}
