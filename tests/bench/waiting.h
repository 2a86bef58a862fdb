// Thousands of runs that wait at once: what each takes, what comes of it, and what others notice.
#pragma once

#include "tests/bench/row.h"

#include <optional>

namespace forge::bench {

/// What else happens while thousands wait: each request in a thread of its own.
class Disturbance {
public:
    void begin(const std::string& what, const std::string& url, const std::string& token, const std::string& body)
    {
        threads_.emplace_back([what, url, token, body] {
            const SteadyTime begin = steady_now();
            WebClient client;
            std::string said;
            try {
                WebRequest request = web_request("POST", url + std::string{execute});
                request.headers = {{"authorization", "Bearer " + token}, {"content-type", "application/json"}};
                request.body = body;
                request.deadline = Millis{120'000};
                const WebAnswer answer = client.send(request);
                const Json json = parse_json(answer.body);
                said = std::to_string(answer.status) + " " + std::string{json["error"].as_text("ok")} + " " + dump(json["attempts"]);
            } catch (const Error& error) {
                said = error.what();
            }
            std::printf("    %s took %.1f s: %s\n", what.c_str(), millis(steady_now() - begin) / 1000, said.c_str());
        });
    }

private:
    std::vector<std::jthread> threads_;
};

inline void disturb(const Setting& setting, Disturbance& disturbance)
{
    const std::string token = new_token(setting.forge);
    const Json args = Json::object({{"evidence", "folder:" + setting.evidence}});
    disturbance.begin("a scan of 1 GB", setting.forge, token, dump(Json::object({{"templateId", "cyber.secrets_audit"}, {"args", args}})));
    disturbance.begin("an answer of 50 MB", setting.forge, token, echo_body("SIZE 52428800"));
    disturbance.begin("an answer of 12 MB", setting.forge, token, echo_body("SIZE 12582912"));
}

inline void print_ledger(const Setting& setting, const Outcome& outcome)
{
    const auto ends = ends_in_ledger(setting.ledger);
    const auto times = [&](const std::string& run) {
        const auto found = ends.find(run);
        return found == ends.end() ? 0U : found->second;
    };
    const auto once = std::ranges::count_if(outcome.runs, [&](const std::string& run) { return times(run) == 1; });
    std::printf("    %zu answers name %zu runs, of which %td ended once in the ledger\n", outcome.good(),
                std::set(outcome.runs.begin(), outcome.runs.end()).size(), once);
}

/// All of `waiting` wait for a model that takes ten seconds; while they do, `meanwhile` happens.
inline void measure_waiting(const Setting& setting, const char* what, const std::function<void()>& meanwhile)
{
    const Row row{setting};
    HealthProbe health{setting.forge};
    const Size before = size_of(setting.workers());
    Size during;
    double open = 0;
    std::jthread looker;
    const auto peak = [&] {
        during = size_of(setting.workers());
        looker = std::jthread{[&] {
            open = MetricsPage{setting.forge}["forge_runs_in_flight"];
            meanwhile();
        }};
    };
    Outcome outcome = OpenLoop{ours(setting, "WAIT 10000"),
                               {.rate = 1000, .count = setting.waiting, .with_runs = true, .at_peak = peak}}.run();
    if (looker.joinable())
        looker.join();
    Samples& probed = health.took_ms();
    const Lag lag = lag_between(row.before(), MetricsPage{setting.forge});
    const Size after = size_of(setting.workers());
    const double each = (during.resident_kb - before.resident_kb) / static_cast<double>(setting.waiting);
    std::printf("%zu wait for a model that takes 10 s%s: %zu answered%s, p50 %.0f ms, p99 %.0f ms, last %.0f ms; %.0f runs were open at once\n",
                setting.waiting, what, outcome.good(), outcome.failures().c_str(), outcome.took_ms.at(0.5), outcome.took_ms.at(0.99),
                outcome.took_ms.at(1), open);
    print_ledger(setting, outcome);
    std::printf("    loop lag: %.3f %% of %.0f turns over 5 ms, p99 below %.1f ms; health p50 %.2f ms, p99 %.2f ms, worst %.2f ms, %zu of %zu failed\n",
                100 * lag.late_share, lag.turns, lag.p99_bound_ms, probed.at(0.5), probed.at(0.99), probed.at(1), health.failed(), probed.size());
    std::printf("    workers: %.1f MB resident before, %.1f MB while they wait, %.1f MB after: %.1f kB for each; threads %ld, %ld, %ld\n",
                before.resident_kb / 1000, during.resident_kb / 1000, after.resident_kb / 1000, each, before.threads, during.threads, after.threads);
    row.print_cpu(outcome.good());
}

inline void measure_undisturbed(const Setting& setting)
{
    measure_waiting(setting, "", [] {});
}

inline void measure_disturbed(const Setting& setting)
{
    std::optional<Disturbance> disturbance{std::in_place};
    measure_waiting(setting, ", beside a scan of 1 GB and an answer of 50 MB", [&] { disturb(setting, *disturbance); disturbance.reset(); });
}

}
