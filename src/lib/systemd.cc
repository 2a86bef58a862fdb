// What a service tells its manager.
#include "lib/systemd.h"

#include <systemd/sd-daemon.h>

namespace forge::systemd {

void ready()
{
    ::sd_notify(0, "READY=1");
}

void stopping()
{
    ::sd_notify(0, "STOPPING=1");
}

void watchdog()
{
    ::sd_notify(0, "WATCHDOG=1");
}

void status(const std::string& text)
{
    ::sd_notify(0, ("STATUS=" + text).c_str());
}

std::optional<std::chrono::microseconds> watchdog_interval()
{
    std::uint64_t micros = 0;
    if (::sd_watchdog_enabled(0, &micros) <= 0)
        return std::nullopt;
    return std::chrono::microseconds{micros};
}

}
