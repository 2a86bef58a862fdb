// What a coroutine on the loop can wait for: a moment, an event, a descriptor, a task with a deadline.
#pragma once

#include "os/loop.h"

#include <list>
#include <optional>

namespace forge {

/// Something that happens once and is waited for by at most one coroutine.  The loop's thread only.
class Event {
public:
    explicit Event(Loop& loop) : loop_(loop) {}
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    bool is_set() const noexcept { return set_; }
    /// The one who waits is resumed in the loop's next turn.
    void set()
    {
        set_ = true;
        if (waiter_)
            waiter_->schedule();
    }
    void clear() noexcept { set_ = false; }

    class Wait;
    /// co_await gives true when the event is set, false when the deadline came first.
    Wait wait_until(SteadyTime deadline);
    Wait wait();

private:
    Loop& loop_;
    bool set_ = false;
    Loop::Resumption* waiter_ = nullptr;
};

class Event::Wait {
public:
    Wait(Event& event, std::optional<SteadyTime> deadline)
        : event_(event), deadline_(deadline), resumption_(event.loop_), timer_(event.loop_, [this] { resumption_.schedule(); })
    {
    }
    ~Wait() { if (event_.waiter_ == &resumption_) event_.waiter_ = nullptr; }
    bool await_ready() const noexcept { return event_.set_; }
    void await_suspend(std::coroutine_handle<> handle)
    {
        resumption_.hold(handle);
        event_.waiter_ = &resumption_;
        if (deadline_)
            timer_.arm(*deadline_);
    }
    bool await_resume() const noexcept { return event_.set_; }

private:
    Event& event_;
    std::optional<SteadyTime> deadline_;
    Loop::Resumption resumption_;
    Loop::Timer timer_;
};

inline Event::Wait Event::wait_until(SteadyTime deadline) { return {*this, deadline}; }
inline Event::Wait Event::wait() { return {*this, std::nullopt}; }

/// Something that happens once and is waited for by any number of coroutines.  The loop's thread only; it must outlive them.
class Gate {
public:
    explicit Gate(Loop& loop) : loop_(loop) {}
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    bool is_open() const noexcept { return open_; }
    void open();
    /// co_await gives true when the gate is open, false when the deadline came first.
    Task<bool> wait_until(SteadyTime deadline);
    Task<void> wait();

private:
    Loop& loop_;
    bool open_ = false;
    std::list<Event*> waiting_;
};

/// co_await sleep_until(loop, when);
Task<void> sleep_until(Loop& loop, SteadyTime when);
/// co_await gives the events (EPOLLIN, …) that are there, 0 when the deadline came first.
Task<std::uint32_t> ready_until(Loop& loop, int fd, std::uint32_t events, SteadyTime deadline);

namespace detail {

template <class T>
Task<void> run_and_set(Task<T> task, std::optional<T>& result, std::exception_ptr& error, Event& done)
{
    try {
        result.emplace(co_await task);
    } catch (...) {
        error = std::current_exception();
    }
    done.set();
}

}

/// The task's value; nothing when the deadline came first (the task is then cancelled); throws what it threw.
template <class T>
Task<std::optional<T>> within(Loop& loop, SteadyTime deadline, Task<T> task)
{
    Event done{loop};
    std::optional<T> result;
    std::exception_ptr error;
    Task<void> runner = detail::run_and_set(std::move(task), result, error, done);
    runner.start();
    const bool in_time = co_await done.wait_until(deadline);
    if (error)
        std::rethrow_exception(error);
    if (!in_time)
        result.reset();
    co_return result;
}

}
