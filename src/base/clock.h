// Time: what is shown to people is UTC with microseconds, what is waited for is monotonic.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace forge {

using Micros = std::chrono::microseconds;
using Millis = std::chrono::milliseconds;
using WallTime = std::chrono::sys_time<Micros>;           // UTC
using SteadyTime = std::chrono::steady_clock::time_point;

WallTime wall_now();
SteadyTime steady_now();
/// Whether the kernel holds the wall clock to be right: a time server disciplines it.
bool wall_is_synchronised();

/// "2026-11-23T18:19:03.000001Z": RFC 3339 with six decimals.
std::string rfc3339(WallTime time);
/// "2026-11-23"
std::string utc_day(WallTime time);
/// RFC 3339 with any number of decimals up to nine and Z or an offset, or a plain day (its midnight); else nothing.
std::optional<WallTime> parse_rfc3339(std::string_view text);
/// Milliseconds since 1970.
long long unix_millis(WallTime time);

}
