// What a service tells its manager (systemd, or "forge dev", which speaks the same protocol).
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace forge::systemd {

/// sd_notify(3): "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=…".  Without a manager nothing happens.
void ready();
void stopping();
void watchdog();
void status(const std::string& text);
/// How often the manager expects watchdog(), if it does; call it twice as often.
std::optional<std::chrono::microseconds> watchdog_interval();

}
