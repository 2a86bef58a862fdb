// The issuer's keys as they are known now.
#include "auth/key_ring.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t longest_kid = 256;

/// Whether an issuer might name a key so.  What is neither gets no fetch, but a key of such a name is found.
bool is_plausible(std::string_view kid)
{
    const auto is_odd = [](char c) { return c <= ' ' || c > '~' || std::string_view{"\"'\\;<>`"}.find(c) != std::string_view::npos; };
    return kid.size() <= longest_kid && std::ranges::none_of(kid, is_odd) && kid.find("..") == kid.npos;
}

}

bool KeyRing::may_fetch(const State& state, SteadyTime now)
{
    return !state.fetching && (!state.vain_at || now - *state.vain_at >= least_interval);
}

KeyRing::Finding KeyRing::missing(State& state, const Wish& wish, SteadyTime now)
{
    const bool is_sure = state.absent.contains(wish) && now - state.fetched_at < least_interval;
    if (is_sure || !is_plausible(wish.first))
        return Finding::unknown;
    // More unknown keys than can be remembered are an attack, not a rotation.
    if (state.asked.size() + state.fetched_for.size() >= most_asked && !state.asked.contains(wish))
        return state.failed ? Finding::unavailable : Finding::unknown;
    state.asked.insert(wish);
    return Finding::unavailable;
}

KeyRing::Found KeyRing::find(std::string_view kid, Signature signature, Millis max_age, SteadyTime now)
{
    Found found;
    bool wanted = false;
    {
        auto state = state_.access();
        if (state->set && now - state->fetched_at <= max_age) {
            found.set = state->set;
            found.key = found.set->find(kid, signature);
            found.finding = found.key ? Finding::found : missing(*state, {std::string{kid}, signature}, now);
        }
        found.fetches = state->fetches;
        wanted = found.finding == Finding::unavailable && may_fetch(*state, now);
        found.is_coming = on_wanted_ && found.finding == Finding::unavailable && (wanted || state->fetching);
    }
    if (wanted && on_wanted_)
        on_wanted_();
    return found;
}

bool KeyRing::wait_for_fetch(std::size_t before, SteadyTime until)
{
    auto state = state_.access();
    if (state->waiting >= most_waiting_)
        until = std::min(until, (state->fetching ? state->begun_at : steady_now()) + hiccup);
    ++state->waiting;
    const bool ended = fetched_.wait_until(state.lock(), until, [&] { return state->fetches != before; });
    --state->waiting;
    return ended;
}

KeyRing::Found KeyRing::find_or_wait(std::string_view kid, Signature signature, Millis max_age, SteadyTime now)
{
    Found found = find(kid, signature, max_age, now);
    const SteadyTime begin = steady_now();
    while (found.is_coming && wait_for_fetch(found.fetches, begin + patience))
        found = find(kid, signature, max_age, now + (steady_now() - begin));
    return found;
}

bool KeyRing::begin_fetch(SteadyTime now)
{
    auto state = state_.access();
    if (!may_fetch(*state, now))
        return false;
    state->fetching = true;
    state->begun_at = now;
    state->fetched_for.merge(state->asked);
    state->asked.clear();
    return true;
}

void KeyRing::end_fetch(std::optional<KeySet> fetched, SteadyTime now)
{
    {
        auto state = state_.access();
        state->fetching = false;
        ++state->fetches;
        state->vain_at = state->begun_at;
        state->failed = !fetched || fetched->empty();
        if (!state->failed) {
            state->set = std::make_shared<const KeySet>(std::move(*fetched));
            state->fetched_at = now;
            const auto is_there = [&](const Wish& wish) { return state->set->find(wish.first, wish.second) != nullptr; };
            if (state->fetched_for.empty() || std::erase_if(state->fetched_for, is_there) > 0)
                state->vain_at.reset();
            state->absent = std::exchange(state->fetched_for, {});
        }
    }
    fetched_.notify_all();
}

void KeyRing::take(KeySet keys, SteadyTime fetched_at)
{
    {
        auto state = state_.access();
        if (keys.empty() || (state->set && fetched_at <= state->fetched_at))
            return;
        state->set = std::make_shared<const KeySet>(std::move(keys));
        state->fetched_at = fetched_at;
        state->absent.clear();
        ++state->fetches;   // as good as one to those who wait
    }
    fetched_.notify_all();
}

void KeyRing::clear()
{
    auto state = state_.access();
    const std::size_t fetches = state->fetches;
    const int waiting = state->waiting;
    *state = {};
    state->fetches = fetches;
    state->waiting = waiting;
}

}
