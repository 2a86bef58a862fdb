// A worker: its long-lived objects, and its life.
#include "api/worker.h"

#include "analyze/evidence_store.h"
#include "api/app.h"
#include "api/denied.h"
#include "api/reload.h"
#include "api/routes.h"
#include "api/serve.h"
#include "api/stream_place.h"
#include "auth/access.h"
#include "auth/dev_signer.h"
#include "auth/issuer_keys.h"
#include "base/build.h"
#include "base/log.h"
#include "catalog/catalog.h"
#include "guardian/mode.h"
#include "ledger/events.h"
#include "ledger/link.h"
#include "lib/fastcgi_server.h"
#include "lib/systemd.h"
#include "limits/buckets.h"
#include "limits/denied.h"
#include "limits/streams.h"
#include "metrics/metrics.h"
#include "os/file.h"
#include "os/kept_key.h"
#include "os/signals.h"
#include "llm/breaker.h"
#include "llm/current_targets.h"
#include "llm/providers.h"
#include "run/idempotency.h"
#include "run/life.h"
#include "run/orphans.h"
#include "run/relay.h"
#include "run/runs.h"
#include "run/ticks.h"

#include <csignal>

namespace forge {

namespace {

constexpr std::size_t compute_threads = 2;
constexpr std::size_t collector_threads = 2;
constexpr std::size_t pool_bound = 1024;
constexpr Millis look_interval{1000};     // at the guardian, the catalog and the manager's watchdog
constexpr std::chrono::minutes clean_interval{10};   // of uploaded evidence that has expired
constexpr Millis drain_step{5};
constexpr Millis cancel_patience{1000};

KeySource key_source(const Config& config)
{
    return {config.issuer, config.jwks_url};
}

std::unique_ptr<DevSigner> dev_signer_of(const Config& config)
{
    return config.dev_signer ? std::make_unique<DevSigner>(config.state_dir + "/dev-signer.pem") : nullptr;
}

struct Worker {
    Worker(CurrentConfig& settings_, int listener, const std::string& instance);

    void look_after();
    Task<void> clean();
    Task<void> drain();

    CurrentConfig& settings;
    std::shared_ptr<const Config> config = settings.get();   // until all is made: later its keys may be old ones
    const std::string subject_key = kept_key(config->subject_key_file);
    Metrics metrics;
    Access access{config->rbac_path};
    Catalog catalog{config->cache_dir};
    Buckets limits{config->runtime_dir + "/limits"};
    DeniedCounts denied{config->runtime_dir + "/denied", config->denied_window};
    StreamSlots slots{config->runtime_dir + "/streams"};
    Events events{config->ledger_root};
    BudgetSums sums{config->runtime_dir + "/budgets"};
    EvidenceStore evidence{config->evidence_root};
    Guardian guardian{settings};
    const std::unique_ptr<DevSigner> dev_signer = dev_signer_of(*config);
    Loop loop;
    HttpClient http{loop};
    // One request thread is always left for those who need no keys.
    IssuerKeys issuer{loop, http, [this] { return key_source(*settings.get()); },
                      {.most_waiting = static_cast<int>(config->threads) - 1, .shared_path = config->runtime_dir + "/issuer-keys"}};
    Pool compute{loop, "compute", compute_threads, pool_bound};
    Pool collectors{loop, "collector", collector_threads, pool_bound};
    LedgerLink ledger{loop, config->ledger_socket};
    Ticks ticks;
    CurrentTargets targets{config};
    Breakers breakers{config->runtime_dir + "/breakers", {.failures = config->breaker_failures, .rest = config->breaker_rest}};
    Providers providers{{loop, http, compute, breakers, metrics}};
    Preparation preparation{catalog, evidence, targets};
    Budgets budgets{{loop, compute, ledger, events, sums, metrics, subject_key},
                    budgets_of(*config, targets.get())};
    const WorkerLife life;
    Idempotency idempotency{kept_key(config->idempotency_key_file), events, config->runtime_dir + "/idempotency"};
    Runs runs;
    Orphans orphans{{loop, compute, ledger, metrics, events, life, [this](const std::string& run) { return runs.knows(run); }}};
    Reloads reloads;
    App app;
    RunRelay relay{loop, life, runs, [this](const std::string& address) { return stream_place(app, address, "run", false); },
                   [this](Fd connection) { server.give_back(std::move(connection)); }};
    fastcgi::Server server;
    Loop::Timer timer{loop, [this] { look_after(); }};
};

Worker::Worker(CurrentConfig& settings_, int listener, const std::string& instance)
    : settings(settings_), metrics(config->runtime_dir, "worker." + instance, route_labels()),
      ticks(loop, config->ai_mode == AiMode::live ? "live" : "offline", [this] { ++metrics.dropped_streams(); }),
      life(config->runtime_dir, "worker." + instance),
      runs({metrics, loop, compute, collectors, ledger, preparation, providers, budgets, life.name(), std::string{build_commit()}}),
      reloads({settings, access, targets, budgets, issuer, ledger, metrics, loop, "worker." + instance}),
      app{settings, metrics, catalog, access, issuer.ring(), limits, denied, slots, events, evidence, guardian, loop, compute, ledger, ticks, runs,
          idempotency, life.name(), subject_key},
      server(listener, static_cast<std::size_t>(config->threads), [this](fastcgi::Exchange& exchange) { serve(app, exchange); })
{
    app.server = &server;
    app.relay = &relay;
    app.dev_signer = dev_signer.get();
    issuer.start();
    loop.on_turn([this](Micros took) { metrics.loop_lag().observe(took); });
    metrics.build_info(FORGE_VERSION).set(1);
    show_unsafe(metrics, *config);
    look_after();
    loop.start(clean());
    loop.start(orphans.look_after());
    loop.start(budgets.look_after());
    config.reset();
}

void Worker::look_after()
{
    guardian.check();
    metrics.guardian_mode.set(guardian.state().name());
    const auto index = catalog.current();
    metrics.catalog_templates().set(static_cast<std::int64_t>(index->size()));
    metrics.catalog_problems().set(static_cast<std::int64_t>(index->files_with_problems()));
    metrics.index_stale().set(catalog.is_stale() ? 1 : 0);
    metrics.connections().set(static_cast<std::int64_t>(server.open_connections()));
    loop.start(record_denied(denied, ledger, metrics));
    systemd::watchdog();
    timer.arm(steady_now() + look_interval);
}

Task<void> Worker::clean()
{
    auto remove = [this] { return evidence.remove_expired(); };
    for (;;) {
        try {
            auto removal = collectors.run(remove);
            const std::size_t removed = co_await removal;
            if (removed > 0)
                log(Severity::info, "expired evidence removed", {{"uploads", std::to_string(removed)}});
        } catch (const Error& error) {
            log(Severity::warning, "expired evidence cannot be removed", {{"reason", error.what()}});
        }
        co_await sleep_until(loop, steady_now() + clean_interval);
    }
}

Task<void> Worker::drain()
{
    systemd::stopping();
    app.stopping = true;
    server.stop_accepting();
    ticks.close();
    runs.dismiss_all();
    const SteadyTime deadline = steady_now() + std::chrono::seconds{settings.get()->drain_seconds};
    while (steady_now() < deadline && (runs.open() > 0 || server.open_connections() > 0))
        co_await sleep_until(loop, steady_now() + drain_step);
    runs.cancel_all();
    const SteadyTime end = steady_now() + cancel_patience;
    while (steady_now() < end && runs.open() > 0)
        co_await sleep_until(loop, steady_now() + drain_step);
    loop.stop();
}

}

void serve_as_worker(CurrentConfig& settings, int listener, const std::string& instance)
{
    Worker worker{settings, listener, instance};
    const Fd signals = signal_descriptor({SIGTERM, SIGINT, SIGHUP});
    const Loop::Watch watch{worker.loop, signals.get(), EPOLLIN, [&](std::uint32_t) {
                                const int number = next_signal(signals);
                                if (number == SIGHUP)
                                    worker.reloads.reload();
                                else if (number != 0 && !worker.app.stopping)
                                    worker.loop.start(worker.drain());
                            }};
    systemd::ready();
    log(Severity::info, "worker ready", {{"instance", instance}});
    worker.loop.run();
    log(Severity::info, "worker stopped", {{"instance", instance}});
}

}
