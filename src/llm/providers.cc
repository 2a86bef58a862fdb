// Asking for a completion, top to bottom: which targets, how often each, and one call.
#include "llm/providers.h"

#include <algorithm>

namespace forge {

namespace {

constexpr Millis patience_with_others{3'000};    // another one may answer meanwhile
constexpr Millis patience_with_the_last{30'000};

/// What the end of a call means for asking again.
enum class Next {
    done,            // an answer, or text that the caller has
    same_again,      // it may go better in a moment
    other_target,    // here it will not go better
};

Next next_after(const Completion& completion)
{
    if (completion.is_ok() || completion.has_begun)
        return Next::done;
    if (completion.has_declined)
        return Next::other_target;
    switch (completion.http_status) {
    case 408:
    case 409:
    case 425:
    case 429: return Next::same_again;
    case 0:   // no answer: a connection may be had the next time, but who waited for a token has waited enough
        return completion.attempt.status == AttemptStatus::timeout ? Next::other_target : Next::same_again;
    default: break;
    }
    // With 2xx it is an answer that cannot be used.
    const bool may_pass = completion.http_status >= 500 || completion.http_status / 100 == 2;
    return may_pass && completion.attempt.status != AttemptStatus::timeout ? Next::same_again : Next::other_target;
}

/// Whether a call says that the provider is ill, and not only this request or its quota of patience.
bool speaks_against(const Completion& completion)
{
    if (completion.is_ok() || completion.has_declined)
        return false;
    switch (completion.http_status) {
    case 401:
    case 402:
    case 403:
    case 408:
    case 429: return true;
    default: return completion.http_status / 100 != 4;
    }
}

/// A target that its breaker leaves alone.
Completion resting(const Target& target, Millis rest)
{
    Completion completion;
    completion.attempt = {.provider = target.name, .model = target.model, .status = AttemptStatus::refused};
    completion.attempt.problem = "left alone for a while, since it failed several times in a row";
    completion.retry_after = rest;
    return completion;
}

/// Of two ends the one that says more: of those who were asked the later one, else who may be asked sooner.
Completion weightier(Completion former, Completion later)
{
    if (former.was_asked != later.was_asked)
        return former.was_asked ? former : later;
    const bool is_sooner = !former.retry_after || later.was_asked || later.retry_after < former.retry_after;
    return is_sooner ? later : former;
}

std::uint64_t counted(long tokens)
{
    return static_cast<std::uint64_t>(std::max(tokens, 0L));
}

/// Two targets of one name in two files are two.
std::string breaker_name(const Target& target)
{
    return target.name + "\n" + target.url + "\n" + target.model;
}

/// One of the equals from `begin`, by weight, is brought to `begin`.
void draw(std::vector<const Target*>& order, std::size_t begin, std::size_t end, double chance)
{
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i)
        sum += static_cast<double>(order[i]->weight);
    double left = chance * sum;
    std::size_t at = begin;
    while (at + 1 < end && left >= static_cast<double>(order[at]->weight))
        left -= static_cast<double>(order[at++]->weight);
    std::swap(order[begin], order[at]);
}

}

std::vector<const Target*> drawn_order(const Targets& targets, const std::function<double()>& chance)
{
    std::vector<const Target*> order;
    for (const Target& target : targets.all)
        order.push_back(&target);
    std::ranges::stable_sort(order, {}, [](const Target* target) { return target->order; });
    for (std::size_t begin = 0; begin < order.size(); ++begin) {
        std::size_t end = begin + 1;
        while (end < order.size() && order[end]->order == order[begin]->order)
            ++end;
        if (end - begin > 1)
            draw(order, begin, end, chance());
    }
    return order;
}

/// What belongs to one prompt.
struct Providers::Asking {
    const SharedTargets targets;
    const Prompt prompt;
    const SteadyTime end;
    std::vector<ProviderCall>& calls;
};

/// A call under way: however it ends, the breaker, the record and the metrics hear of it once.
class Providers::Call {
public:
    Call(Providers& providers, const Asking& asking, const Target& target, Breakers::Verdict admitted_as)
        : providers_(providers), asking_(asking), target_(target), admitted_as_(admitted_as)
    {
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call()
    {
        if (is_noted_)
            return;
        const Millis took = std::chrono::duration_cast<Millis>(steady_now() - begin_);
        providers_.parts_.breakers.abandoned(breaker_name(target_), admitted_as_, providers_.surroundings_.now());
        note({.provider = target_.name, .model = target_.model, .status = AttemptStatus::cancelled, .took = took});
    }

    void ended(Completion& completion)
    {
        Breakers& breakers = providers_.parts_.breakers;
        const std::string name = breaker_name(target_);
        if (speaks_against(completion))
            breakers.failed(name, admitted_as_, providers_.surroundings_.now());
        else if (completion.is_ok() || completion.has_declined)
            breakers.succeeded(name, admitted_as_);
        else
            breakers.abandoned(name, admitted_as_, providers_.surroundings_.now());
        ProviderCall& attempt = completion.attempt;
        if (attempt.usage && target_.price)
            attempt.cost = cost_of(*target_.price, attempt.usage->input_tokens, attempt.usage->output_tokens,
                                   asking_.targets->currency);
        note(attempt);
    }

private:
    void note(const ProviderCall& call)
    {
        is_noted_ = true;
        Metrics& metrics = providers_.parts_.metrics;
        ++metrics.attempts(call.provider, name_of(call.status));
        metrics.provider_duration(call.provider).observe(call.took);
        metrics.breaker_open(call.provider).set(providers_.parts_.breakers.is_open(breaker_name(target_)) ? 1 : 0);
        if (call.usage) {
            metrics.tokens(call.provider, "input") += counted(call.usage->input_tokens);
            metrics.tokens(call.provider, "output") += counted(call.usage->output_tokens);
        }
        if (call.cost)
            metrics.cost(call.provider, call.cost->currency) += static_cast<std::uint64_t>(call.cost->pico);
        asking_.calls.push_back(call);
    }

    Providers& providers_;
    const Asking& asking_;
    const Target& target_;
    const Breakers::Verdict admitted_as_;
    const SteadyTime begin_ = steady_now();
    bool is_noted_ = false;
};

Task<Completion> Providers::complete(SharedTargets targets, Prompt prompt, std::vector<ProviderCall>& calls)
{
    const SteadyTime end = surroundings_.now() + targets->total;
    const Asking asking{std::move(targets), std::move(prompt), end, calls};
    const auto order = drawn_order(*asking.targets, surroundings_.chance);
    Completion last;
    for (const Target* const target : order) {
        const bool is_last = target == order.back();
        Task<Completion> asked = ask_with_retries(asking, *target, is_last ? patience_with_the_last : patience_with_others);
        Completion completion = co_await asked;
        last = weightier(std::move(last), std::move(completion));
        if (next_after(last) == Next::done || surroundings_.now() >= end)
            break;
    }
    co_return last;
}

Task<Completion> Providers::ask_with_retries(const Asking& asking, const Target& target, Millis patience)
{
    Completion last;
    for (long retry = 0;; ++retry) {
        const auto admission = parts_.breakers.admit(breaker_name(target), surroundings_.now());
        if (admission.verdict == Breakers::Verdict::open)
            co_return weightier(std::move(last), resting(target, admission.rest));
        Task<Completion> asked = ask_once(asking, target, admission.verdict);
        last = co_await asked;
        if (retry >= target.retries || next_after(last) != Next::same_again)
            co_return last;
        const Millis delay = last.retry_after.value_or(Millis{0}) + jittered(retry, surroundings_.chance());
        const SteadyTime when = surroundings_.now() + delay;
        if (delay > patience || when >= asking.end)
            co_return last;
        Task<void> waiting = surroundings_.sleep(parts_.loop, when);
        co_await waiting;
    }
}

Task<Completion> Providers::ask_once(const Asking& asking, const Target& target, Breakers::Verdict admitted_as)
{
    Call call{*this, asking, target, admitted_as};
    const AttemptParts parts{parts_.loop, parts_.http, parts_.compute};
    const Millis left = std::chrono::floor<Millis>(asking.end - surroundings_.now());
    Task<Completion> asked = ask(parts, target, asking.prompt, left);
    Completion completion = co_await asked;
    call.ended(completion);
    co_return completion;
}

}
