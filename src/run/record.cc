// What a run leaves in the ledger.
#include "run/record.h"

#include "http/message.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

Json text_or_null(const std::string& text)
{
    return text.empty() ? Json{nullptr} : Json{text};
}

Json json_of(const TemplateName& name)
{
    return Json::object({{"id", name.id}, {"version", name.version}, {"digest", name.digest}});
}

Json json_of(const PolicyDigests& digests)
{
    return Json::object({{"schema", text_or_null(digests.schema)},
                         {"guards", text_or_null(digests.guards)},
                         {"rbac", text_or_null(digests.rbac)},
                         {"providers", text_or_null(digests.providers)},
                         {"build", text_or_null(digests.build)}});
}

PrivateValue private_value(std::string name, const Json& value)
{
    PrivateValue made{std::move(name), canonical_json(value)};
    if (made.value.size() > private_value_limit)
        throw Refusal(400, "invalid_args", made.name + " is larger than 8 MiB");
    return made;
}

LedgerEvent event_of(const RunStart& start, const std::string& step, const Json& event)
{
    return {.id = start.run + "." + step,
            .type = "run." + step,
            .event = canonical_json(event),
            .priv = {},
            .subject = Subject{start.caller.iss, start.caller.sub}};
}

}

Json attempts_json(const std::vector<ProviderCall>& attempts)
{
    Json list = Json::array();
    for (const ProviderCall& attempt : attempts)
        list.append(attempt.json());
    return list;
}

RunUsage usage_of(const std::vector<ProviderCall>& attempts)
{
    RunUsage usage;
    for (const ProviderCall& call : attempts) {
        usage.input_tokens += call.usage ? call.usage->input_tokens : 0;
        usage.output_tokens += call.usage ? call.usage->output_tokens : 0;
        if (call.cost && usage.cost)
            *usage.cost += *call.cost;
        else if (call.cost)
            usage.cost = call.cost;
    }
    return usage;
}

Json usage_json(const std::vector<ProviderCall>& attempts)
{
    const RunUsage used = usage_of(attempts);
    Json usage = Json::object({{"input_tokens", used.input_tokens}, {"output_tokens", used.output_tokens}});
    if (used.cost)
        usage.set("cost", Json::object({{"amount", used.cost->amount()}, {"currency", used.cost->currency}}));
    return usage;
}

LedgerEvent started_event(const RunStart& start)
{
    Json roles = Json::array();
    for (const auto& role : start.caller.roles)
        roles.append(role);
    Json open = Json::object({{"run", start.run},
                              {"template", json_of(start.name)},
                              {"profile", start.profile},
                              {"mode", start.mode},
                              {"worker", start.worker},
                              {"digests", json_of(start.digests)},
                              {"iss", text_or_null(start.caller.iss)},
                              {"kid", text_or_null(start.caller.kid)},
                              {"roles", roles},
                              {"request_id", start.request_id}});
    if (!start.idem_key.empty())
        open.set("idem", Json::object({{"key", start.idem_key}, {"body", start.idem_body}}));
    LedgerEvent event = event_of(start, "started", open);
    try {
        event.priv.push_back(private_value("args", start.args));
    } catch (const Refusal&) {
        throw;
    } catch (const Error& error) {
        throw Refusal(400, "invalid_args", "the arguments cannot be recorded", {{"/args", error.what()}});
    }
    event.priv.push_back(private_value("prompt", start.prompt));
    if (start.sent) {
        event.priv.push_back(private_value("sent", start.sent));
        event.priv.back().stored = false;
    }
    event.priv.push_back(private_value("sub", start.caller.sub));
    return event;
}

LedgerEvent finished_event(const RunStart& start, const RunEnd& end)
{
    Json open = Json::object({{"run", start.run},
                              {"template", json_of(start.name)},
                              {"profile", start.profile},
                              {"status", end.status},
                              {"schema", end.schema},
                              {"provider", text_or_null(end.provider)},
                              {"model", text_or_null(end.model)},
                              {"attempts", attempts_json(end.attempts)},
                              {"usage", usage_json(end.attempts)},
                              {"guards", guards_json(combined(end.guards))},
                              {"simulated", end.simulated},
                              {"basis", text_or_null(end.basis)},
                              {"duration_us", end.duration_us}});
    if (end.evidence)
        open.set("evidence", end.evidence);
    LedgerEvent event = event_of(start, "finished", open);
    if (end.output)
        event.priv.push_back(private_value("output", end.recorded_output));
    return event;
}

}
