// What a coroutine on the loop can wait for.
#include "os/wait.h"

namespace forge {

namespace {

/// A waiter's place in a list, for as long as it waits.
struct Place {
    std::list<Event*>& list;
    std::list<Event*>::iterator at;
    Place(std::list<Event*>& list_, Event& event) : list(list_), at(list_.insert(list_.end(), &event)) {}
    ~Place() { list.erase(at); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
};

}

void Gate::open()
{
    open_ = true;
    for (Event* const event : waiting_)
        event->set();
}

Task<bool> Gate::wait_until(SteadyTime deadline)
{
    if (open_)
        co_return true;
    Event event{loop_};
    const Place place{waiting_, event};
    co_await event.wait_until(deadline);
    co_return open_;
}

Task<void> Gate::wait()
{
    if (open_)
        co_return;
    Event event{loop_};
    const Place place{waiting_, event};
    co_await event.wait();
}

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
