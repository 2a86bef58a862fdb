// What a run's end means for its caller.
#include "run/outcome.h"

#include "http/message.h"
#include "ledger/client.h"
#include "ledger/entry.h"
#include "lib/crypto.h"
#include "tlog/merkle.h"

namespace forge {

namespace {

Json json_of(const RunResult& result)
{
    const RunEnd& end = result.end;
    Json json = Json::object({{"eventId", result.run},
                              {"status", end.status},
                              {"output", end.output ? end.output : Json{nullptr}},
                              {"simulated", end.simulated},
                              {"basis", end.basis.empty() ? Json{nullptr} : Json{end.basis}},
                              {"schema", end.schema},
                              {"ledger", Json::object({{"index", result.index}, {"leaf", result.leaf}})}});
    const RecordedParts& recorded = end.recorded;
    json.set("attempts", recorded.attempts ? recorded.attempts : attempts_json(end.attempts));
    json.set("usage", recorded.usage ? recorded.usage : usage_json(end.attempts));
    json.set("guards", recorded.guards ? recorded.guards : guards_json(combined(end.guards)));
    if (result.budget)
        json.set("budget", result.budget);
    return json;
}

std::string refusing_guard(const Json& guards)
{
    for (const Json& guard : guards.items())
        if (guard["action"].as_text() == "refused")
            return std::string{guard["name"].as_text()};
    return {};
}

RunOutcome failed(Json json)
{
    if (const std::string guard = refusing_guard(json["guards"]); !guard.empty())
        return {422, "guard_refused", "the guard \"" + guard + "\" refuses", json.set("guard", guard)};
    const Json attempts = json["attempts"];
    const bool is_late = attempts.size() > 0 && attempts.at(attempts.size() - 1)["status"].as_text() == "timeout";
    if (is_late)
        return {504, "provider_timeout", "the provider did not answer in time", std::move(json)};
    return {502, "provider_failed", "no provider gave an answer", std::move(json)};
}

}

RunOutcome outcome_of(const RunResult& result, CancelCause cancelled)
{
    Json json = json_of(result);
    const std::string& status = result.end.status;
    if (status == "ok")
        return {200, "", "", std::move(json)};
    if (status == "invalid")
        return {422, "output_invalid",
                json["output"].is_null() ? "the output is larger than what can be recorded" : "the output does not satisfy the template's schema",
                std::move(json)};
    if (status == "failed")
        return failed(std::move(json));
    if (status == "unknown")
        return {409, "outcome_unknown", "the worker of this run died: what came of it is not known", std::move(json)};
    if (cancelled == CancelCause::stopping)
        return {503, "cancelled", "the run was cancelled because this worker stops", std::move(json)};
    return {409, "cancelled", "the run was cancelled", std::move(json)};
}

RunResult recorded_result(const RunLines& run, Json output)
{
    const LedgerLine& line = run.finished.value();
    const Json event = parse_json(line.bytes)["event"];
    RunResult result;
    result.run = event["run"].as_text();
    result.index = line.seq;
    result.leaf = hex(Bytes{leaf_hash(line.bytes)});
    result.end.status = event["status"].as_text();
    result.end.schema = event["schema"].as_text();
    result.end.simulated = event["simulated"].as_bool();
    result.end.basis = event["basis"].as_text();
    result.end.output = std::move(output);
    result.end.recorded = {event["attempts"], event["usage"], event["guards"]};
    return result;
}

bool has_output(const RunLines& run)
{
    return run.finished && parse_json(run.finished->bytes)["priv"]["output"].is_object();
}

LastEvent last_event(const RunOutcome& outcome)
{
    if (outcome.code.empty())
        return {"done", dump(outcome.json)};
    Json data = Json::object({{"message", outcome.detail}, {"error", outcome.code}});
    for (const auto& [name, value] : outcome.json.members())
        data.set(name, value);
    return {"error", dump(data)};
}

LastEvent last_event(const std::string& run, const std::exception_ptr& failure)
{
    const auto error = [&](std::string_view code, std::string_view message) {
        return LastEvent{"error", dump(Json::object({{"message", message}, {"error", code}, {"eventId", run}}))};
    };
    try {
        std::rethrow_exception(failure);
    } catch (const Refusal& refusal) {
        return error(refusal.code, refusal.what());
    } catch (const LedgerUnavailable& unavailable) {
        return error("ledger_unavailable", unavailable.reason);
    } catch (const std::exception&) {
        return error("internal", "the server failed; its log has the reason");
    }
}

}
