// What a coroutine on the loop can wait for.
#include "os/wait.h"

namespace forge {

Task<void> sleep_until(Loop& loop, SteadyTime when)
{
    Event never{loop};
    co_await never.wait_until(when);
}

Task<std::uint32_t> ready_until(Loop& loop, int fd, std::uint32_t events, SteadyTime deadline)
{
    Event ready{loop};
    std::uint32_t seen = 0;
    const Loop::Watch watch{loop, fd, events | EPOLLONESHOT, [&](std::uint32_t found) {
                                seen = found;
                                ready.set();
                            }};
    co_await ready.wait_until(deadline);
    co_return seen;
}

}
