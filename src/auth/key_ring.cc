// The issuer's keys as they are known now.
#include "auth/key_ring.h"

namespace forge {

KeyRing::Found KeyRing::find(std::string_view kid, Signature signature, Millis max_age, SteadyTime now)
{
    bool wanted = false;
    Found found;
    {
        auto state = state_.access();
        if (state->set && now - state->fetched_at <= max_age) {
            found.set = state->set;
            found.key = found.set->find(kid, signature);
        }
        if (found.key) {
            found.finding = Finding::found;
        } else {
            const bool rested = !state->tried_at || now - *state->tried_at >= least_interval;
            wanted = rested && !state->fetching;
            if (found.set && !wanted && !state->fetching && !state->last_failed)
                found.finding = Finding::unknown;
        }
    }
    if (wanted && on_wanted_)
        on_wanted_();
    return found;
}

bool KeyRing::begin_fetch(SteadyTime now)
{
    auto state = state_.access();
    if (state->fetching || (state->tried_at && now - *state->tried_at < least_interval))
        return false;
    state->fetching = true;
    state->tried_at = now;
    return true;
}

void KeyRing::end_fetch(std::optional<KeySet> fetched, SteadyTime now)
{
    auto state = state_.access();
    state->fetching = false;
    state->last_failed = !fetched || fetched->empty();
    if (state->last_failed)
        return;
    state->set = std::make_shared<const KeySet>(std::move(*fetched));
    state->fetched_at = now;
}

}
