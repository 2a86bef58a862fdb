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

Json attempts_json(const std::vector<Attempt>& attempts)
{
    Json list = Json::array();
    for (const Attempt& attempt : attempts) {
        Json item = Json::object({{"provider", attempt.provider}, {"model", attempt.model}, {"status", attempt.status}, {"ms", attempt.ms}});
        if (!attempt.request_id.empty())
            item.set("request_id", attempt.request_id);
        if (!attempt.peer.empty())
            item.set("peer", attempt.peer);
        list.append(item);
    }
    return list;
}

Json usage_json(const RunEnd& end)
{
    return Json::object({{"input_tokens", end.input_tokens}, {"output_tokens", end.output_tokens}});
}

LedgerEvent started_event(const RunStart& start)
{
    Json roles = Json::array();
    for (const auto& role : start.caller.roles)
        roles.append(role);
    LedgerEvent event = event_of(start, "started",
                                 Json::object({{"run", start.run},
                                               {"template", json_of(start.name)},
                                               {"profile", start.profile},
                                               {"mode", start.mode},
                                               {"worker", start.worker},
                                               {"digests", json_of(start.digests)},
                                               {"iss", text_or_null(start.caller.iss)},
                                               {"kid", text_or_null(start.caller.kid)},
                                               {"roles", roles},
                                               {"request_id", start.request_id}}));
    try {
        event.priv.push_back(private_value("args", start.args));
    } catch (const Refusal&) {
        throw;
    } catch (const Error& error) {
        throw Refusal(400, "invalid_args", "the arguments cannot be recorded", {{"/args", error.what()}});
    }
    event.priv.push_back(private_value("prompt", Json::object({{"system", start.system}, {"user", start.user}})));
    event.priv.push_back(private_value("sub", start.caller.sub));
    return event;
}

LedgerEvent finished_event(const RunStart& start, const RunEnd& end)
{
    LedgerEvent event = event_of(start, "finished",
                                 Json::object({{"run", start.run},
                                               {"template", json_of(start.name)},
                                               {"profile", start.profile},
                                               {"status", end.status},
                                               {"schema", end.schema},
                                               {"provider", text_or_null(end.provider)},
                                               {"model", text_or_null(end.model)},
                                               {"attempts", attempts_json(end.attempts)},
                                               {"usage", usage_json(end)},
                                               {"guards", end.guards},
                                               {"simulated", end.simulated},
                                               {"basis", text_or_null(end.basis)},
                                               {"duration_us", end.duration_us}}));
    if (end.output)
        event.priv.push_back(private_value("output", end.output));
    return event;
}

}
