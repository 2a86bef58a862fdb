// The issuer's keys as they are known now, and whether they should be fetched.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "auth/key_set.h"
#include "base/clock.h"
#include "base/guarded.h"

namespace forge {

/// Any thread.  Times are arguments, so that tests need no clock.
class KeyRing {
public:
    /// Between a fetch that failed, or that brought none of the keys asked for, and the next one.
    static constexpr std::chrono::seconds least_interval{10};

    /// `on_wanted` is called, on any thread, when keys should be fetched now; it must not wait.  Of the threads in
    /// find_or_wait `most_waiting` may wait long, the others only for the first moment of a fetch.
    explicit KeyRing(std::function<void()> on_wanted = {}, int most_waiting = 0)
        : on_wanted_(std::move(on_wanted)), most_waiting_(most_waiting)
    {
    }

    enum class Finding { found, unknown, unavailable };
    struct Found {
        Finding finding = Finding::unavailable;
        bool is_coming = false;               // unavailable, and a fetch is on its way
        std::size_t fetches = 0;              // that had ended
        std::shared_ptr<const KeySet> set;    // keeps `key` alive
        const VerificationKey* key = nullptr;
    };
    /// `unknown`: a fetch that began after this key was asked for, and ended less than least_interval ago, did not bring
    /// it; or there is a good set, and no issuer would name a key so.  `unavailable`: no good set, one older than
    /// `max_age`, or one that may be older than the key.
    Found find(std::string_view kid, Signature signature, Millis max_age, SteadyTime now);
    /// The same, but where a fetch is on its way its end is waited for, `patience` at most: not on the loop's thread.
    Found find_or_wait(std::string_view kid, Signature signature, Millis max_age, SteadyTime now);

    /// A fetch begins, at most one at a time, and not within least_interval of one that was in vain; false: not now.
    bool begin_fetch(SteadyTime now);
    /// It ended.  Nothing, or an empty set, leaves the last good one in force.
    void end_fetch(std::optional<KeySet> fetched, SteadyTime now);
    /// A good set that somebody else fetched at that time; an older one than ours changes nothing.
    void take(KeySet keys, SteadyTime fetched_at);
    bool has_keys() const { return state_.access()->set != nullptr; }
    /// Forgets all: the keys of one issuer prove nothing about another.
    void clear();

private:
    using Wish = std::pair<std::string, Signature>;   // of a token: its kid and its algorithm
    struct State {
        std::shared_ptr<const KeySet> set;
        SteadyTime fetched_at{};
        std::optional<SteadyTime> vain_at;    // when the last fetch that was in vain began
        SteadyTime begun_at{};
        bool fetching = false;
        bool failed = false;        // the last fetch
        std::size_t fetches = 0;    // that ended
        int waiting = 0;
        std::set<Wish> asked;       // since the last fetch began: not in the set
        std::set<Wish> fetched_for; // before it began
        std::set<Wish> absent;      // of those, what the newest set does not have
    };
    static constexpr std::size_t most_asked = 1024;
    static constexpr Millis patience{1'000};
    static constexpr Millis hiccup{100};   // what the last thread waits, with whatever else is to be answered

    static bool may_fetch(const State& state, SteadyTime now);
    static Finding missing(State& state, const Wish& wish, SteadyTime now);
    /// Until a fetch beyond the first `before` has ended; false: it did not, or too many wait for it already.
    bool wait_for_fetch(std::size_t before, SteadyTime until);

    const std::function<void()> on_wanted_;
    const int most_waiting_;
    mutable Guarded<State> state_;
    std::condition_variable fetched_;
};

}
