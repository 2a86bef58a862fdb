// How long to wait before asking a provider again.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/task.h"
#include "os/wait.h"

namespace forge {

/// Time and chance; tests bring their own.
struct Surroundings {
    std::function<SteadyTime()> now = steady_now;
    std::function<double()> chance = random_fraction;   // 0 ≤ x < 1
    std::function<Task<void>(Loop& loop, SteadyTime when)> sleep = sleep_until;

    static double random_fraction();
};

/// Full jitter: anything up to 0.5 s before the first retry, twice that before each further one, at most 8 s.
Millis jittered(long retry, double chance);

/// The Retry-After header (RFC 9110 section 10.2.3): seconds or a date; nothing for anything else or more than a day.
/// A date that is past gives 0.
std::optional<Millis> parse_retry_after(std::string_view value, WallTime now);

}
