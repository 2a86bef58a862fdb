// What a worker does on SIGHUP.
#include "api/reload.h"

#include <algorithm>

#include "auth/access.h"
#include "auth/issuer_keys.h"
#include "base/ids.h"
#include "base/log.h"
#include "config/digest_key.h"
#include "ledger/link.h"
#include "llm/current_targets.h"
#include "metrics/metrics.h"
#include "run/budgets.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

constexpr Millis patience{2000};         // a reload is answered soon, whatever the ledger does
constexpr int most_late = 100;

LedgerEvent event_of(const std::vector<Change>& changed, const std::string& worker)
{
    return {.id = uuid_v7(),
            .type = "config.reloaded",
            .event = canonical_json(Json::object({{"what", json_of(changed)}, {"worker", worker}}))};
}

}

void show_unsafe(Metrics& metrics, const Config& now, const Config* before)
{
    const auto names = now.unsafe();
    for (const auto& name : names) {
        metrics.unsafe_setting(name).set(1);
        log(Severity::error, name + " is set, and production does not honour it");
    }
    for (const auto& name : before ? before->unsafe() : std::vector<std::string>{})
        if (std::ranges::find(names, name) == names.end())
            metrics.unsafe_setting(name).set(0);
}

Reloads::Reloads(Parts parts)
    : parts_(std::move(parts)), key_(digest_key(parts_.settings.get()->state_dir + "/config-digest.key")),
      desk_(parts_.settings.get()->runtime_dir, parts_.name)
{
}

void Reloads::reload()
{
    is_wanted_ = true;
    if (!is_running_)
        parts_.loop.start(run());
}

Task<void> Reloads::run()
{
    is_running_ = true;
    while (std::exchange(is_wanted_, false)) {
        ReloadAnswer answer = swapped();
        ++parts_.metrics.config_reloads(answer.result());
        if (!answer.changed.empty())
            answer.recorded = co_await recorded(answer.changed);
        desk_.answer(answer);
    }
    is_running_ = false;
}

// Nothing is replaced before everything was read and found good.
ReloadAnswer Reloads::swapped()
{
    const SteadyTime begin = steady_now();
    ReloadAnswer answer{.wanted = desk_.wanted()};
    const auto before = parts_.settings.get();
    FreshConfig fresh;
    std::shared_ptr<const AccessTable> roles;
    SharedTargets targets;
    SharedBudgets budgets;
    try {
        fresh = fresh_config(*before, system_settings(), worker, key_);
        targets = live_targets(fresh.config);
        budgets = budgets_of(*fresh.config, targets);
    } catch (const Error& error) {
        answer.refuse(error);
    }
    try {
        roles = parts_.access.read();
    } catch (const Error& error) {
        answer.refuse(error);
    }
    parts_.metrics.access_stale().set(roles ? 0 : 1);
    answer.took = std::chrono::duration_cast<Micros>(steady_now() - begin);
    if (!answer.problems.empty())
        return answer;
    if (const std::string old = parts_.access.table()->digest(); old != roles->digest())
        fresh.changed.push_back({"rbac", old, roles->digest()});
    for (Change& change : changes(parts_.targets.get(), targets, key_))
        fresh.changed.push_back(std::move(change));
    for (Change& change : changes(parts_.budgets.get(), budgets))
        fresh.changed.push_back(std::move(change));
    const auto now = fresh.config;
    answer.take(std::move(fresh));
    parts_.settings.replace(now);
    parts_.access.replace(std::move(roles));
    parts_.targets.replace(std::move(targets));
    parts_.budgets.replace(std::move(budgets));
    parts_.issuer.reload();
    show_unsafe(parts_.metrics, *now, before.get());
    log(Severity::notice, "reloaded", {{"changed", std::to_string(answer.changed.size())}});
    return answer;
}

// What is in force is in force: a ledger that cannot record it now does so later.
Task<bool> Reloads::recorded(const std::vector<Change>& changed)
{
    Packet packet = encode_append(event_of(changed, parts_.name));
    try {
        const LedgerReply reply = co_await parts_.ledger.ask(packet, steady_now() + patience);
        if (!reply.ok)
            log(Severity::error, "config.reloaded is not recorded: " + reply.error + ": " + reply.detail);
        co_return reply.ok;
    } catch (const LedgerUnavailable& error) {
        log(Severity::error, "ledger append error: " + error.reason, {{"type", "config.reloaded"}});
    }
    if (late_ < most_late)
        parts_.loop.start(record_later(std::move(packet)));
    co_return false;
}

Task<void> Reloads::record_later(Packet packet)
{
    ++late_;
    Task<LedgerReply> asking = parts_.ledger.ask_until_answered(std::move(packet));
    co_await asking;
    --late_;
}

}
