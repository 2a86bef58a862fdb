// The event loop: one thread that owns everything that waits.
#pragma once

#include "base/action.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "base/task.h"
#include "os/fd.h"

#include <sys/epoll.h>

#include <atomic>
#include <coroutine>
#include <functional>
#include <list>
#include <map>
#include <vector>

namespace forge {

/// All members belong to the thread that calls run(), except start, post and stop, which any thread may call.
class Loop {
public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Serves until stop().  An exception of a callback is a bug and ends it; one of a task is logged.
    void run();
    void stop() noexcept;

    /// Runs the task on the loop's thread; the loop owns it, and destroys it with itself if it is not done.
    void start(Task<void> task);
    /// Runs the action on the loop's thread, soon.
    void post(Action action);

    /// The tasks that were started and are not done.
    std::size_t open_tasks() const noexcept { return tasks_.size(); }
    /// Called once per turn with how long the turn's work took after epoll_wait: the lag others saw.
    void on_turn(std::function<void(Micros)> observer) { observer_ = std::move(observer); }

    class Timer;
    class Watch;
    class Resumption;

private:
    struct Supervised {
        Task<void> task;
    };
    using Timers = std::multimap<SteadyTime, Timer*>;

    static Task<void> supervise(Task<void> inner, Loop& loop, std::list<Supervised>::iterator self);
    void adopt(Task<void> task);
    void wake() noexcept;
    void drain_inbox();
    void run_timers();
    void run_ready();
    SteadyTime dispatch(int timeout_ms);
    int patience() const;

    Fd epoll_;
    Fd wakeup_;
    std::atomic<bool> stopping_ = false;
    Guarded<std::vector<Action>> inbox_;
    Timers timers_;
    std::list<Resumption*> ready_;
    std::list<Supervised> tasks_;
    std::vector<std::list<Supervised>::iterator> finished_;
    std::vector<epoll_event> events_;
    std::size_t next_event_ = 0;
    std::function<void(Micros)> observer_;
};

/// Calls back once at a time; disarmed by its destructor.
class Loop::Timer {
public:
    Timer(Loop& loop, std::function<void()> callback) : loop_(loop), callback_(std::move(callback)) {}
    ~Timer() { disarm(); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    void arm(SteadyTime when);
    void disarm() noexcept;

private:
    friend class Loop;
    Loop& loop_;
    std::function<void()> callback_;
    Timers::iterator at_{};
    bool armed_ = false;
};

/// Calls back, level-triggered, for as long as it lives; a callback may destroy its own Watch.  The descriptor must
/// outlive it.
class Loop::Watch {
public:
    Watch(Loop& loop, int fd, std::uint32_t events, std::function<void(std::uint32_t)> callback);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    /// Asks for other events from now on (0: only errors and hang-ups).
    void change(std::uint32_t events);

private:
    friend class Loop;
    Loop& loop_;
    int fd_;
    std::uint32_t events_;
    std::function<void(std::uint32_t)> callback_;
};

/// A coroutine that can be resumed in the loop's next turn; leaves the queue when destroyed.
class Loop::Resumption {
public:
    explicit Resumption(Loop& loop) : loop_(loop) {}
    ~Resumption();
    Resumption(const Resumption&) = delete;
    Resumption& operator=(const Resumption&) = delete;
    void hold(std::coroutine_handle<> handle) noexcept { handle_ = handle; }
    void schedule();
    bool is_scheduled() const noexcept { return scheduled_; }

private:
    friend class Loop;
    Loop& loop_;
    std::coroutine_handle<> handle_;
    std::list<Resumption*>::iterator at_{};
    bool scheduled_ = false;
};

}
