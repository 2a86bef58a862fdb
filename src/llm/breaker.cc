// A breaker is one word: how many failures in a row, how often it has rested, and until when.
#include "llm/breaker.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <span>

#include "lib/crypto.h"

namespace forge {

// A file of zeros is an empty table.
struct Breakers::Slot {
    std::uint64_t key;
    std::uint64_t word;
};

namespace {

constexpr long most_failures = 1023;
constexpr unsigned most_rests = 16;
constexpr std::size_t slots = 1024;   // a target that is gone keeps its own until the next reboot

/// The word's parts.  Closed: `until` is 0 and `failures` counts.  Open: nobody but a probe goes through, and that one
/// not before `until`, which then becomes the moment at which the probe counts as dead.
struct State {
    long failures = 0;       // 10 bits
    unsigned rests = 0;      // 6 bits: how often it has rested
    std::uint64_t until = 0;    // 48 bits: milliseconds of the monotonic clock

    static State of(std::uint64_t word)
    {
        return {static_cast<long>(word >> 54), static_cast<unsigned>(word >> 48 & 0x3f), word & 0xffff'ffff'ffff};
    }
    std::uint64_t word() const
    {
        return static_cast<std::uint64_t>(failures) << 54 | std::uint64_t{rests} << 48 | until;
    }
    bool is_open() const { return until != 0; }
};

std::uint64_t millis(SteadyTime time)
{
    return static_cast<std::uint64_t>(std::chrono::duration_cast<Millis>(time.time_since_epoch()).count());
}

std::uint64_t count(Millis time)
{
    return static_cast<std::uint64_t>(time.count());
}

std::uint64_t key_of(std::string_view target)
{
    const Hash hash = sha256(target);
    std::uint64_t key = 0;
    std::memcpy(&key, hash.data(), sizeof key);
    return key | 1;   // 0 is an empty slot
}

/// Replaces the word by what `next` makes of it; nothing changes where it gives the same.
template <class Next>
void change(std::uint64_t& word, Next next)
{
    const std::atomic_ref shared{word};
    std::uint64_t before = shared.load();
    while (!shared.compare_exchange_weak(before, next(State::of(before)).word()))
        ;
}

State rested(State state, const BreakerLimits& limits, SteadyTime now)
{
    const Millis rest = std::min(limits.rest * (1 << state.rests), limits.longest_rest);
    return {state.failures, std::min(state.rests + 1, most_rests), millis(now) + count(rest)};
}

}

Breakers::Breakers(const std::string& path, BreakerLimits limits)
    : limits_(limits), mapping_(map_shared(path, slots * sizeof(Slot)))
{
}

Breakers::Slot& Breakers::slot_of(std::string_view target) const
{
    const std::span all{reinterpret_cast<Slot*>(mapping_.data()), slots};
    const std::uint64_t key = key_of(target);
    for (std::size_t i = 0; i < slots; ++i) {
        Slot& slot = all[(key + i) % slots];
        std::uint64_t found = 0;
        if (std::atomic_ref{slot.key}.compare_exchange_strong(found, key) || found == key)
            return slot;
    }
    return all[key % slots];   // full: two share one, which is a nuisance and no fault
}

Breakers::Admission Breakers::admit(std::string_view target, SteadyTime now)
{
    const std::atomic_ref word{slot_of(target).word};
    std::uint64_t before = word.load();
    for (;;) {
        const State state = State::of(before);
        if (!state.is_open())
            return {};
        // Further off than can be: of a time before a reboot.
        const std::uint64_t latest = millis(now) + count(std::max(limits_.longest_rest, limits_.probe));
        if (state.until > millis(now) && state.until <= latest)
            return {Verdict::open, Millis{state.until - millis(now)}};
        const State probing{state.failures, state.rests, millis(now) + count(limits_.probe)};
        if (word.compare_exchange_weak(before, probing.word()))
            return {Verdict::probe};
    }
}

// What was asked before the breaker opened says nothing of how things are now: when it is open, only its probe counts.
void Breakers::succeeded(std::string_view target, Verdict admitted_as)
{
    change(slot_of(target).word, [&](State state) {
        return admitted_as == Verdict::probe || !state.is_open() ? State{} : state;
    });
}

void Breakers::failed(std::string_view target, Verdict admitted_as, SteadyTime now)
{
    change(slot_of(target).word, [&](State state) {
        if (state.is_open())
            return admitted_as == Verdict::probe ? rested(state, limits_, now) : state;
        state.failures = std::min(state.failures + 1, most_failures);
        const bool opens = limits_.failures > 0 && state.failures >= limits_.failures;
        return opens ? rested(state, limits_, now) : state;
    });
}

void Breakers::abandoned(std::string_view target, Verdict admitted_as, SteadyTime now)
{
    if (admitted_as == Verdict::probe)
        change(slot_of(target).word, [&](State state) {
            return state.is_open() ? State{state.failures, state.rests, millis(now)} : state;
        });
}

bool Breakers::is_open(std::string_view target) const
{
    return State::of(std::atomic_ref{slot_of(target).word}.load()).is_open();
}

}
