// Budgets in force.
#include "run/budgets.h"

#include "auth/subject_hash.h"
#include "base/log.h"
#include "http/message.h"
#include "run/prepare.h"

#include <algorithm>

namespace forge {

namespace {

constexpr Millis patience{1000};
constexpr Millis tag_patience{1500};
constexpr Millis another_moment{2};          // while another worker looks at the ledger
constexpr std::chrono::seconds look_interval{1};
constexpr std::chrono::seconds longest_wait{86'400};   // that a Retry-After names: an operator may raise the budget
constexpr std::size_t most_tags = 10'000;

bool is_over(const Spent& spent, const std::optional<std::int64_t>& pico, const std::optional<std::int64_t>& tokens)
{
    return (pico && spent.pico >= *pico) || (tokens && spent.tokens >= *tokens);
}

void set_if(Json& json, const char* name, const std::optional<std::int64_t>& pico)
{
    if (pico)
        json.set(name, Cost{*pico}.amount());
}

void set_number_if(Json& json, const char* name, const std::optional<std::int64_t>& number)
{
    if (number)
        json.set(name, *number);
}

Json json_of(BudgetScope scope, const BudgetLimits& limits, const BudgetPeriod& period, const Spent& spent)
{
    Json json = Json::object({{"scope", name_of(scope)}, {"period", period.name}, {"ends", rfc3339(period.end)}});
    if (limits.is_in_money()) {
        json.set("currency", period.currency).set("spent", Cost{spent.pico}.amount());
        set_if(json, "warn", limits.warn);
        set_if(json, "hard", limits.hard);
    }
    if (limits.is_in_tokens()) {
        json.set("tokens", spent.tokens);
        set_number_if(json, "warn_tokens", limits.warn_tokens);
        set_number_if(json, "hard_tokens", limits.hard_tokens);
    }
    return json;
}

/// "10.5 of 10 EUR" or "1200 of 1000 tokens"
std::string spent_text(const BudgetLimits& limits, const BudgetPeriod& period, const Spent& spent)
{
    if (limits.hard && spent.pico >= *limits.hard)
        return Cost{spent.pico}.amount() + " of " + Cost{*limits.hard}.amount() + " " + period.currency;
    return std::to_string(spent.tokens) + " of " + std::to_string(limits.hard_tokens.value_or(0)) + " tokens";
}

Refusal exceeded(BudgetScope scope, const std::string& template_id, const BudgetLimits& limits, const BudgetPeriod& period, const Spent& spent)
{
    const std::string whose = scope == BudgetScope::subject ? "this subject" : "the template " + template_id;
    Refusal refusal(429, "budget_exceeded",
                    "the budget of " + whose + " for " + period.name + " is spent: " + spent_text(limits, period, spent)
                        + "; the next one begins at " + rfc3339(period.end) + ", and an operator can raise it in budgets.yaml",
                    {}, Json::object({{"budget", json_of(scope, limits, period, spent)}}));
    const auto left = std::chrono::ceil<std::chrono::seconds>(period.end - wall_now());
    refusal.headers.emplace_back("retry-after", std::to_string(std::clamp(left, std::chrono::seconds{1}, longest_wait).count()));
    return refusal;
}

Refusal unavailable()
{
    Refusal refusal(503, "budgets_unavailable", "what was spent before is being read from the ledger; a hard budget waits for it");
    refusal.headers.emplace_back("retry-after", "2");
    return refusal;
}

}

Budgets::Budgets(Parts parts, SharedBudgets now) : parts_(std::move(parts)), now_(std::move(now)) {}

Task<void> Budgets::check(Caller caller, std::string template_id)
{
    const SharedBudgets budgets = get();
    if (!budgets)
        co_return;
    Task<std::vector<Object>> asking = objects(budgets, std::move(caller), template_id);
    std::vector<Object> objects = co_await asking;
    std::erase_if(objects, [](const Object& object) { return !object.limits.is_hard(); });
    if (objects.empty())
        co_return;
    const BudgetPeriod period = budgets->period(wall_now());
    Task<bool> following = followed(period, 0, steady_now() + patience);
    if (!co_await following)
        throw unavailable();
    for (const Object& object : objects) {
        const auto spent = parts_.sums.spent(period, object.scope, object.name);
        if (!spent)
            throw unavailable();
        if (is_over(*spent, object.limits.hard, object.limits.hard_tokens))
            throw exceeded(object.scope, template_id, object.limits, period, *spent);
    }
}

Task<Json> Budgets::counted(Caller caller, std::string template_id, std::uint64_t seq)
try {
    const SharedBudgets budgets = get();
    if (!budgets)
        co_return Json{};
    Task<std::vector<Object>> asking = objects(budgets, std::move(caller), std::move(template_id));
    const std::vector<Object> objects = co_await asking;
    const BudgetPeriod period = budgets->period(wall_now());
    Task<bool> following = followed(period, seq + 1, steady_now() + patience);
    if (objects.empty() || !co_await following)
        co_return Json{};
    Json told;
    for (const Object& object : objects) {
        const auto spent = parts_.sums.spent(period, object.scope, object.name);
        if (!spent || !is_over(*spent, object.limits.warn, object.limits.warn_tokens))
            continue;
        warn(object, period, *spent);
        if (!told)
            told = json_of(object.scope, object.limits, period, *spent);
    }
    co_return told;
} catch (const std::exception& error) {   // the run has ended, and its line will be counted by whoever looks next
    log(Severity::warning, "budgets cannot be looked at", {{"reason", error.what()}});
    co_return Json{};
}

Task<void> Budgets::look_after()
{
    for (;;) {
        if (const SharedBudgets budgets = get()) {
            Task<bool> following = followed(budgets->period(wall_now()), 0, steady_now() + patience);
            co_await following;
        }
        co_await sleep_until(parts_.loop, steady_now() + look_interval);
    }
}

Task<std::vector<Budgets::Object>> Budgets::objects(SharedBudgets budgets, Caller caller, std::string template_id)
{
    std::vector<Object> found;
    if (const BudgetLimits* const limits = budgets->limits(BudgetScope::subject, caller.sub)) {
        Task<std::string> asking = tag_of(caller);
        std::string tag = co_await asking;
        found.push_back({BudgetScope::subject, std::move(tag), subject_hash(parts_.subject_key, caller.iss, caller.sub), *limits});
    }
    if (const BudgetLimits* const limits = budgets->limits(BudgetScope::template_id, template_id))
        found.push_back({BudgetScope::template_id, template_id, template_id, *limits});
    co_return found;
}

// A subject's tag never changes.
Task<std::string> Budgets::tag_of(const Caller& caller)
{
    const std::string owner = owner_of(caller);
    if (const auto known = tags_.find(owner); known != tags_.end())
        co_return known->second;
    const Packet packet = encode_subject_tag({caller.iss, caller.sub});
    const LedgerReply reply = co_await parts_.ledger.ask(packet, steady_now() + tag_patience);
    std::string tag{reply.body["tag"].as_text()};
    if (!reply.ok || tag.empty())
        throw Error("the ledger gives no tag of a subject: " + reply.error + ": " + reply.detail);
    if (tags_.size() >= most_tags)
        tags_.clear();
    tags_.emplace(owner, tag);
    co_return tag;
}

/// Whether the sums have all lines before `size`, at the latest at the deadline.
Task<bool> Budgets::followed(BudgetPeriod period, std::uint64_t size, SteadyTime deadline)
{
    while (!parts_.sums.has(period, size)) {
        if (steady_now() >= deadline)
            co_return false;
        Task<void> looking = follow(period, deadline);
        co_await looking;
    }
    co_return true;
}

// One look at a time for each worker: those who come meanwhile wait for it.
Task<void> Budgets::follow(BudgetPeriod period, SteadyTime deadline)
{
    if (const auto gate = following_) {
        Task<bool> waiting = gate->wait_until(deadline);
        co_await waiting;
        co_return;
    }
    const auto gate = following_ = std::make_shared<Gate>(parts_.loop);
    auto progress = BudgetSums::Progress::busy;
    try {
        auto work = [&sums = parts_.sums, &events = parts_.events, period] { return sums.follow(events, period); };
        auto looking = parts_.compute.run(std::move(work));
        progress = co_await looking;
        problem_.clear();
    } catch (const std::exception& error) {
        if (problem_ != error.what())
            log(Severity::warning, "what was spent cannot be read from the ledger", {{"reason", error.what()}});
        problem_ = error.what();
    }
    if (progress == BudgetSums::Progress::busy)
        co_await sleep_until(parts_.loop, steady_now() + another_moment);
    following_.reset();
    gate->open();
}

void Budgets::warn(const Object& object, const BudgetPeriod& period, const Spent& spent)
{
    if (!parts_.sums.first_warning(object.scope, object.name))
        return;
    ++parts_.metrics.budget_warnings(name_of(object.scope));
    log(Severity::warning, "a budget is over its warning",
        {{"scope", std::string{name_of(object.scope)}}, {std::string{name_of(object.scope)}, object.shown}, {"period", period.name},
         {"spent", Cost{spent.pico}.amount() + " " + period.currency}, {"tokens", std::to_string(spent.tokens)}});
}

}
