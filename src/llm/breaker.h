// Breakers: a provider that failed several times in a row is left alone for a while, by all workers.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "os/shared_memory.h"

namespace forge {

struct BreakerLimits {
    long failures = 5;                 // in a row, over all workers, open it; 0: nothing does
    Millis rest{10'000};               // twice that after each probe that fails
    Millis longest_rest{300'000};
    Millis probe{60'000};              // one who probes and says nothing for so long has died
};

/// One file of fixed size; everything is one atomic operation on one word, so a process that dies leaves nothing half
/// done and no lock behind.  Any thread.
class Breakers {
public:
    explicit Breakers(const std::string& path, BreakerLimits limits = {});

    enum class Verdict { closed, probe, open };
    struct Admission {
        Verdict verdict = Verdict::closed;
        Millis rest{0};   // when open: until a probe is let through
    };
    /// Whether `target` may be asked.  One probe at a time is let through when it has rested; who asks says how it went.
    Admission admit(std::string_view target, SteadyTime now);

    void succeeded(std::string_view target, Verdict admitted_as);
    void failed(std::string_view target, Verdict admitted_as, SteadyTime now);
    /// It was neither: cancelled, or nothing that speaks for or against the provider.
    void abandoned(std::string_view target, Verdict admitted_as, SteadyTime now);

    /// Looks without taking a probe.
    bool is_open(std::string_view target) const;

private:
    struct Slot;
    Slot& slot_of(std::string_view target) const;

    const BreakerLimits limits_;
    Mapping mapping_;
};

}
