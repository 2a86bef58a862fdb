// The table of everything this server answers.
#include "api/routes.h"

#include "api/handlers.h"
#include "http/path.h"

#include <algorithm>
#include <array>

namespace forge {

namespace {

using enum Method;
using enum Permission;
using namespace api;

constexpr Streaming ticks{ticks_head, ticks_start};

constexpr auto table = std::to_array<Route>({
    {get, "/v1/health", health},
    {get, "/v1/ready", ready},
    {get, "/v1/api/health", short_health, {}, true},
    {get, "/v1/api/health/deep", deep_health, {}, true},
    {get, "/v1/api/templates", list_templates, templates_read},
    {get, "/v1/api/templates/count", count_templates, templates_read},
    {get, "/v1/api/templates/{id}", show_template, templates_read},
    {post, "/v1/api/execute", execute, execute_run, false, Body::json, Limit::execute},
    {get, "/v1/api/execute/stream", stream_run_by_query, execute_run, false, Body::none, Limit::execute},
    {post, "/v1/api/execute/stream", stream_run, execute_run, false, Body::json, Limit::execute},
    {get, "/v1/api/executions", list_executions, {}, true},
    {get, "/v1/api/executions/{id}", show_execution, {}, true},
    {del, "/v1/api/executions/{id}", cancel_execution, execute_run},
    {get, "/v1/api/executions/{id}/stream", join_execution, {}, true},
    {post, "/v1/api/evidence", upload_evidence, execute_run, false, Body::upload},
    {get, "/v1/api/ledger/events", list_events, ledger_read, false, Body::none, Limit::ledger_events},
    {get, "/v1/api/ledger/events/{id}", show_event, ledger_read},
    {get, "/v1/api/ledger/stats", ledger_stats, ledger_read},
    {get, "/v1/api/ledger/events/{id}/receipt", event_receipt, ledger_read},
    {get, "/v1/ledger/checkpoint", checkpoint},
    {get, "/v1/ledger/tile/entries/{path...}", log_entries, ledger_read},
    {get, "/v1/ledger/tile/{path...}", log_tile},
    {get, "/v1/ledger/consistency", log_consistency},
    {get, "/v1/ledger/day/{day}", log_day},
    {get, "/v1/tick/stream", ticks},
    {get, "/v1/openapi.json", openapi},
    {get, "/v1/ui-config", ui_config},
    {get, "/v1/guardian/mode", guardian_mode, {}, false, Body::none, Limit::guardian_mode},
    {get, "/guardian/ask", guardian_probe, {}, false, Body::none, Limit::none, guardian_unavailable},
    {post, "/guardian/ask", api::guardian_ask, Permission::guardian_ask, false, Body::json, Limit::guardian_ask,
     guardian_unavailable},
    {get, "/dev/jwks.json", dev_keys, {}, false, Body::none, Limit::none, nullptr, dev_signer_answers},
    {post, "/v1/dev/token", dev_token, {}, false, Body::json_or_none, Limit::none, nullptr, dev_signer_answers},
    {get, "/metrics", metrics},
    {get, "/metrics/forge", metrics_forge},
    {get, "/templates", list_templates, templates_read},
    {get, "/ledger", list_events, ledger_read, false, Body::none, Limit::ledger_events},
    {post, "/run/{id}", run_template, execute_run, false, Body::json, Limit::execute},
});

bool takes(const Route& route, Method method)
{
    return route.method == method || (route.method == get && method == head);
}

void add_method(std::string& list, Method method)
{
    const std::string name = method == get ? "GET, HEAD" : std::string{name_of(method)};
    if (list.find(name) == std::string::npos)
        list += (list.empty() ? "" : ", ") + name;
}

}

std::span<const Route> routes()
{
    return table;
}

std::vector<std::string> route_labels()
{
    std::vector<std::string> labels;
    for (const Route& route : table)
        if (std::ranges::find(labels, route.path) == labels.end())
            labels.emplace_back(route.path);
    return labels;
}

const std::string& route_label(std::size_t place)
{
    static const std::vector<std::string> labels = route_labels();
    static const std::string other = "other";
    return place < labels.size() ? labels[place] : other;
}

Found find_route(Method method, std::string_view path)
{
    static const std::vector<std::string> labels = route_labels();
    Found found;
    found.label = labels.size();
    for (const Route& route : table) {
        std::vector<std::string> values;
        const bool is_another_path = !found.allowed.empty() && route.path != labels[found.label];   // the first that fits counts
        if (is_another_path || !path_matches(route.path, path, values))
            continue;
        found.there_for = route.there_for;
        found.wants_token = route.wants_token() && (found.allowed.empty() || found.wants_token);
        found.label = static_cast<std::size_t>(std::ranges::find(labels, route.path) - labels.begin());
        if (takes(route, method)) {
            found.route = &route;
            found.values = std::move(values);
            return found;
        }
        add_method(found.allowed, route.method);
    }
    return found;
}

}
