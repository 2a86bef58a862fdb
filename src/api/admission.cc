// What a request must pass before its handler.
#include "api/admission.h"

#include "auth/access.h"
#include "auth/authenticate.h"
#include "base/plain_number.h"
#include "base/text.h"
#include "config/config.h"
#include "limits/buckets.h"

namespace forge {

namespace {

long requests_per_window(const Config& config, Limit limit)
{
    switch (limit) {
    case Limit::execute: return config.execute_rate;
    case Limit::ledger_events: return config.events_rate;
    case Limit::guardian_ask: return config.ask_rate;
    case Limit::guardian_mode: return config.guardian_mode_rate;
    case Limit::none: break;
    }
    return 0;
}

/// Addresses of one thing share its limit, the old names too.
std::string_view name_of(Limit limit)
{
    switch (limit) {
    case Limit::execute: return "execute";
    case Limit::ledger_events: return "ledger/events";
    case Limit::guardian_ask: return "guardian/ask";
    case Limit::guardian_mode: return "guardian/mode";
    case Limit::none: break;
    }
    return {};
}

void check_limit(App& app, const Route& route, Call& call)
{
    if (route.limit == Limit::none)
        return;
    const std::string who = call.caller.sub.empty() ? call.request.address : dump(Json::array({call.caller.iss, call.caller.sub}));
    const Rate rate{requests_per_window(*call.config, route.limit), call.config->execute_window};
    const Allowance allowance = app.limits.take(who, name_of(route.limit), rate);
    call.headers = allowance.headers();
    if (!allowance.allowed)
        throw Refusal(429, "rate_limited", "more requests than " + std::to_string(rate.requests) + " in the window");
}

}

void require(const Call& call, Permission permission)
{
    if (!call.caller.may(permission))
        throw forbidden(permission);
}

void identify(App& app, Call& call)
{
    call.caller = authenticate(call.request, *call.config, *app.access.table(), app.keys);
}

void admit(App& app, const Route& route, Call& call)
{
    if (route.wants_token())
        identify(app, call);
    else
        refuse_token_in_query(call.request);
    if (route.permission)
        require(call, *route.permission);
    check_limit(app, route, call);
}

Json parsed_body(const Call& call)
{
    const std::string_view given = call.request.content_type;
    if (!equal_ignoring_case(trim(given.substr(0, given.find(';'))), "application/json"))
        throw Refusal(415, "unsupported_media_type", "the body must be application/json");
    if (const auto coding = trim(call.request.content_encoding); !coding.empty() && !equal_ignoring_case(coding, "identity"))
        throw Refusal(415, "unsupported_media_type", "the body must come without Content-Encoding: JSON as it is");
    try {
        Json json = parse_json(call.body);
        if (!json.is_object())
            throw Error("it is no object");
        return json;
    } catch (const Error& error) {
        throw Refusal(400, "bad_json", "the body is not one JSON object: " + std::string{error.what()});
    }
}

std::string required_text(const Call& call, std::string_view name)
{
    const Json value = call.json[name];
    if (!value.is_string() || value.as_text().empty())
        throw Refusal(400, "invalid_request", std::string{name} + " is missing",
                      {{"/" + std::string{name}, "must be a text that is not empty"}});
    return std::string{value.as_text()};
}

std::size_t number_parameter(const Call& call, std::string_view name, std::size_t otherwise, std::size_t least, std::size_t most)
{
    if (!call.request.has_query(name))
        return otherwise;
    const auto text = call.request.query_value(name);
    const auto number = text ? parse_plain_unsigned(*text) : std::nullopt;
    if (number && *number >= least && *number <= most)
        return static_cast<std::size_t>(*number);
    const std::string wanted = "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    throw Refusal(400, "invalid_request", std::string{name} + " " + wanted, {{"/query/" + std::string{name}, wanted}});
}

}
