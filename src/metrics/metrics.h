// Every metric of every program, once: its variable, name, help and labels.
#pragma once

#include <string>
#include <vector>

#include "metrics/metric_set.h"

namespace forge {

/// Kept in RUNTIME_DIR/metrics/NAME.  Label values come from the tables here, the routes and the settings, never from
/// a client; anything else counts as "other".
struct Metrics : MetricSet {
private:
    static const std::vector<std::string> statuses_;
    static const std::vector<std::string> run_statuses_;
    static const std::vector<std::string> run_stages_;
    static const std::vector<Micros> durations_;
    static const std::vector<Micros> lags_;
    static constexpr int cost_decimals_ = 12;   // of Cost::pico
    const std::vector<std::string> routes_;

public:
    /// `name` is the process and its instance ("worker.1", "ledgerd"); `routes` are the paths of the route table.
    Metrics(const std::string& runtime_dir, const std::string& name, std::vector<std::string> routes = {});

    /// An answered request; `route` is its place in the route table, anything beyond it is "other".
    void answered(std::size_t route, int status, Micros took);

    Counter requests = counter("http_requests_total", "Requests answered.",
        {{"route", routes_}, {"status", statuses_}});
    Histogram request_duration = histogram(
        "http_request_duration_seconds", "From the request's first byte to the answer's last.",
        durations_, {{"route", routes_}});
    Counter refusals = counter("forge_refusals_total", "Requests refused, by the code of the answer.",
        {{"reason", {}, 64}});
    Counter denied_entries = counter("forge_access_denied_entries_total", "Entries access.denied in the ledger.");
    Counter denied_uncounted = counter("forge_access_denied_uncounted_total",
        "Refusals that no access.denied counts, since the ledger took none for long.");
    Counter token_refusals = counter("forge_token_refusals_total", "Tokens refused, by what is wrong with them.",
        {{"reason", {}, 64}});
    Gauge connections = gauge("forge_open_connections", "Connections from nginx.", MetricKind::sum);
    Gauge streams = gauge("forge_sse_clients", "Open event streams.", MetricKind::sum,
        {{"stream", {"tick", "run", "overview"}}});
    Counter dropped_streams = counter("forge_sse_dropped_total", "Streams closed because their reader was too slow.");
    Histogram loop_lag = histogram("forge_loop_lag_seconds", "How long a turn of the loop kept others waiting.", lags_);
    Gauge queued = gauge("forge_pool_queue", "Work that waits for a thread.", MetricKind::sum,
        {{"pool", {"request", "compute", "collector"}}});

    Counter runs = counter("template_runs_total", "Runs that ended, by status.", {{"status", run_statuses_}});
    Counter runs_by_template = counter("forge_template_runs_total", "Runs that ended, by template of the catalog.",
        {{"template", {}, 200}, {"status", run_statuses_}});
    Histogram run_stages = histogram("forge_run_stage_seconds", "Where a run's time goes; the stages add up to the whole.",
        durations_, {{"stage", run_stages_}});
    Counter guards = counter("forge_guard_results_total", "What guards saw and did, for each run, guard and stage.",
        {{"guard", {"secrets", "personal_data", "injection"}}, {"stage", {"input", "output"}},
         {"verdict", {"clean", "found", "not_run"}}, {"action", {"none", "redacted", "refused"}}});
    Counter closed_runs = counter("forge_runs_closed_total", "Runs that were closed for a worker that could not.",
        {{"status", {"unknown", "failed"}}});
    Gauge runs_open = gauge("forge_runs_in_flight", "Runs that started and did not end.", MetricKind::sum);
    Counter attempts = counter("forge_provider_attempts_total", "Calls to providers, by how they ended.",
        {{"provider", {}, 32}, {"status", {"ok", "timeout", "refused", "error", "cancelled"}}});
    Gauge breaker_open = gauge("forge_provider_breaker_open",
        "1 for a provider that is left alone since it failed several times in a row.", MetricKind::latest,
        {{"provider", {}, 32}});
    Histogram provider_duration = histogram("forge_provider_seconds", "How long calls to providers took.", durations_,
        {{"provider", {}, 32}});
    Counter tokens = counter("forge_provider_tokens_total", "Tokens that providers say they used.",
                             {{"provider", {}, 32}, {"direction", {"input", "output"}}});
    Counter cost = counter_of(cost_decimals_, "forge_provider_cost_total", "What these tokens cost, where providers.yaml has a price.",
                              {{"provider", {}, 32}, {"currency", {}, 4}});
    Counter tokens_by_template = counter("forge_template_tokens_total", "Tokens of recorded runs, by template of the catalog.",
                                         {{"template", {}, 200}, {"direction", {"input", "output"}}});
    Counter cost_by_template = counter_of(cost_decimals_, "forge_template_cost_total", "What recorded runs cost, by template.",
                                          {{"template", {}, 200}, {"currency", {}, 4}});
    Counter budget_warnings = counter("forge_budget_warnings_total",
        "Budgets that went over their warning, each counted once in its period.", {{"scope", {"subject", "template"}}});

    Counter ledger_events = counter("ledger_events_total", "Events appended to the ledger; forge-ledgerd counts them.",
        {{"type", {}, 64}});
    Gauge ledger_entries = gauge("forge_ledger_entries", "Entries in the ledger.", MetricKind::latest);
    Counter ledger_turned_away = counter("forge_ledger_connections_refused_total",
        "Connections to forge-ledgerd that found no room, or asked for nothing and gave way.");
    Counter ledger_failures = counter("forge_ledger_failures_total", "Appends that failed, by reason.",
        {{"reason", {"disk full", "read only", "not reachable"}}});

    Gauge catalog_templates = gauge("forge_catalog_templates", "Templates that can be run.", MetricKind::latest);
    Gauge catalog_problems = gauge("forge_catalog_problems", "Files of the catalog with problems.",
        MetricKind::latest);
    Gauge index_stale = gauge("forge_catalog_index_stale", "1 when the catalog's index is not kept up to date.",
        MetricKind::latest);
    StateGauge guardian_mode = state("guardian_mode", "Who answers for the guardian: one of them is 1.",
        {"mode", {"agent", "stub", "unknown"}});
    Counter config_reloads = counter("forge_config_reloads_total",
        "Reloads of settings, secrets and roles; refused ones changed nothing.",
        {{"result", {"changed", "unchanged", "refused"}}});
    Gauge access_stale = gauge("forge_access_stale", "1 when the role file is broken and the last good one holds.",
        MetricKind::most);
    Gauge unsafe_setting = gauge("forge_unsafe_setting", "1 for a setting that production should not have.",
        MetricKind::most, {{"name", {}, 16}});
    Gauge build_info = gauge("forge_build_info", "1 for each version that runs.", MetricKind::most,
        {{"version", {FORGE_VERSION}}});
};

}
