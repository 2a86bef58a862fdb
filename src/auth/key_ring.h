// The issuer's keys as they are known now, and whether they should be fetched.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "auth/key_set.h"
#include "base/clock.h"
#include "base/guarded.h"

namespace forge {

/// Any thread.  Times are arguments, so that tests need no clock.
class KeyRing {
public:
    static constexpr std::chrono::seconds least_interval{10};   // between two fetches

    /// `on_wanted` is called, on any thread, when keys should be fetched now; it must not wait.
    explicit KeyRing(std::function<void()> on_wanted = {}) : on_wanted_(std::move(on_wanted)) {}

    enum class Finding { found, unknown, unavailable };
    struct Found {
        Finding finding = Finding::unavailable;
        std::shared_ptr<const KeySet> set;    // keeps `key` alive
        const VerificationKey* key = nullptr;
    };
    /// `unknown`: a set fetched since the question could last change has no such key.  `unavailable`: no good set, one
    /// older than `max_age`, or one that is being fetched again because the key is not in it.
    Found find(std::string_view kid, Signature signature, Millis max_age, SteadyTime now);

    /// A fetch begins, at most one at a time and not sooner than least_interval after the last; false: not now.
    bool begin_fetch(SteadyTime now);
    /// It ended.  Nothing, or an empty set, leaves the last good one in force.
    void end_fetch(std::optional<KeySet> fetched, SteadyTime now);
    bool has_keys() const { return state_.access()->set != nullptr; }
    /// Forgets all: the keys of one issuer prove nothing about another.
    void clear() { *state_.access() = {}; }

private:
    struct State {
        std::shared_ptr<const KeySet> set;
        SteadyTime fetched_at{};
        std::optional<SteadyTime> tried_at;
        bool fetching = false;
        bool last_failed = false;
    };

    const std::function<void()> on_wanted_;
    mutable Guarded<State> state_;
};

}
