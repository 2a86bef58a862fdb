// Health, readiness and figures.
#include "api/handlers.h"
#include "catalog/catalog.h"
#include "config/current.h"
#include "guardian/mode.h"
#include "ledger/link.h"
#include "metrics/metrics.h"
#include "auth/key_ring.h"

#include <sys/statvfs.h>

namespace forge::api {

namespace {

constexpr Millis ledger_patience{500};
constexpr std::uint64_t low_bytes = 64 << 20;

std::string disk_state(const std::string& folder)
{
    struct statvfs status {};
    if (::statvfs(folder.c_str(), &status) != 0)
        return "unknown";
    return status.f_bavail * status.f_frsize < low_bytes ? "full" : "ok";
}

std::string keys_state(const App& app)
{
    if (app.settings.get()->bypass_is_honoured())
        return "bypass";
    return app.keys.has_keys() ? "ok" : "unavailable";
}

std::string guardian_state(const App& app)
{
    const GuardianState state = app.guardian.state();
    return state.is_agent ? "ok" : state.reason;
}

std::string catalog_state(const App& app)
{
    const auto index = app.catalog.current();
    const auto problem = app.catalog.problem(*index);
    return problem.empty() ? "ok" : std::string{problem};
}

// That it answers is not enough: "frozen", "disk full" and "read only" take no run.
Task<std::string> ledger_state(App& app)
{
    const Packet packet = encode_stats();
    try {
        const LedgerReply reply = co_await app.ledger.ask(packet, steady_now() + ledger_patience);
        co_return reply.ok ? std::string{reply.body["state"].as_text("unknown")} : reply.error;
    } catch (const LedgerUnavailable& error) {
        co_return error.reason;
    }
}

struct Checks {
    bool ok = false;
    Json json;
};

Task<Checks> checks_of(App& app)
{
    const std::string ledger = co_await ledger_state(app);
    const std::string catalog = catalog_state(app);
    const std::string keys = keys_state(app);
    const auto config = app.settings.get();
    const std::string disk = disk_state(config->ledger_root);
    const std::string guardian = guardian_state(app);
    const bool guardian_serves = guardian == "ok" || !config->is_production();
    co_return Checks{ledger == "ok" && catalog == "ok" && keys != "unavailable" && disk == "ok" && guardian_serves,
                     Json::object({{"ledger", ledger}, {"catalog", catalog}, {"keys", keys}, {"disk", disk}, {"guardian", guardian}})};
}

Task<Answer> ready_answer(App& app)
{
    const Checks checks = co_await checks_of(app);
    Answer answer = json_answer(Json::object({{"ok", checks.ok}, {"checks", checks.json}}), checks.ok ? 200 : 503);
    if (!checks.ok) {
        answer.code = "not_ready";
        answer.reason = dump(checks.json);
    }
    co_return answer;
}

Task<Answer> deep_answer(App& app, bool details)
{
    const Checks checks = co_await checks_of(app);
    Json json = Json::object({{"ok", checks.ok}, {"ts", rfc3339(wall_now())}, {"version", FORGE_VERSION}});
    if (details)
        json.set("checks", checks.json);
    co_return json_answer(json);
}

}

Answer health(Call& call)
{
    return json_answer(Json::object({{"ok", true},
                                     {"service", "vaultmesh-forge"},
                                     {"mode", call.config->ai_mode == AiMode::live ? "live" : "offline"},
                                     {"ts", unix_millis(wall_now())},
                                     {"version", FORGE_VERSION}}));
}

Task<Answer> ready(Call& call)
{
    return ready_answer(*call.app);
}

Answer short_health(Call&)
{
    return json_answer(Json::object({{"ok", true}, {"ts", rfc3339(wall_now())}, {"version", FORGE_VERSION}}));
}

Task<Answer> deep_health(Call& call)
{
    return deep_answer(*call.app, call.caller.may(Permission::ops_read));
}

Answer metrics(Call& call)
{
    Answer answer;
    answer.content_type = exposition_type;
    answer.body = call.app->metrics.exposition();
    return answer;
}

}
