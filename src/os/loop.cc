// The event loop: epoll, timers, an inbox for other threads.
#include "os/loop.h"

#include "base/error.h"
#include "base/log.h"

#include <sys/eventfd.h>

#include <cerrno>

namespace forge {

namespace {

constexpr std::size_t events_per_turn = 256;

void control(int epoll, int operation, int fd, std::uint32_t events, void* data)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = data;
    if (::epoll_ctl(epoll, operation, fd, &event) != 0)
        throw errno_error("epoll_ctl");
}

}

Loop::Loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wakeup_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (!epoll_ || !wakeup_)
        throw errno_error("make an event loop");
    control(epoll_.get(), EPOLL_CTL_ADD, wakeup_.get(), EPOLLIN, nullptr);
    events_.reserve(events_per_turn);
}

Loop::~Loop()
{
    tasks_.clear();   // while the members that their waits refer to still live
}

void Loop::stop() noexcept
{
    stopping_ = true;
    wake();
}

void Loop::wake() noexcept
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t ignored = ::write(wakeup_.get(), &one, sizeof one);   // a full counter wakes too
}

void Loop::post(Action action)
{
    bool first = false;
    {
        auto inbox = inbox_.access();
        first = inbox->empty();
        inbox->push_back(std::move(action));
    }
    if (first)
        wake();
}

void Loop::start(Task<void> task)
{
    post([this, held = std::move(task)]() mutable { adopt(std::move(held)); });
}

Task<void> Loop::supervise(Task<void> inner, Loop& loop, std::list<Supervised>::iterator self)
{
    try {
        co_await inner;
    } catch (const std::exception& error) {
        log(Severity::error, "task failed: " + describe(error));
    }
    loop.finished_.push_back(self);
}

void Loop::adopt(Task<void> task)
{
    const auto self = tasks_.emplace(tasks_.end());
    self->task = supervise(std::move(task), *this, self);
    self->task.start();
}

void Loop::run()
{
    while (!stopping_) {
        const SteadyTime begin = dispatch(patience());
        run_timers();
        drain_inbox();
        run_ready();
        for (const auto task : finished_)
            tasks_.erase(task);
        finished_.clear();
        if (observer_)
            observer_(std::chrono::duration_cast<Micros>(steady_now() - begin));
    }
}

int Loop::patience() const
{
    if (!ready_.empty())
        return 0;
    if (timers_.empty())
        return -1;
    const auto left = std::chrono::ceil<Millis>(timers_.begin()->first - steady_now()).count();
    return left < 0 ? 0 : static_cast<int>(std::min<long long>(left, 60'000));
}

// Gives when the turn's work began.
SteadyTime Loop::dispatch(int timeout_ms)
{
    events_.resize(events_per_turn);
    const int count = ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), timeout_ms);
    if (count < 0 && errno != EINTR)
        throw errno_error("epoll_wait");
    events_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);

    const SteadyTime begin = steady_now();
    for (next_event_ = 0; next_event_ < events_.size();) {
        const epoll_event event = events_[next_event_++];
        if (event.data.ptr) {
            static_cast<Watch*>(event.data.ptr)->callback_(event.events);
        } else {
            std::uint64_t ignored = 0;
            [[maybe_unused]] const ssize_t count_read = ::read(wakeup_.get(), &ignored, sizeof ignored);
        }
    }
    events_.clear();
    return begin;
}

void Loop::run_timers()
{
    const SteadyTime now = steady_now();
    while (!timers_.empty() && timers_.begin()->first <= now) {
        Timer* const timer = timers_.begin()->second;
        timer->disarm();
        timer->callback_();
    }
}

void Loop::drain_inbox()
{
    std::vector<Action> actions;
    std::swap(actions, *inbox_.access());
    for (auto& action : actions)
        action();
}

void Loop::run_ready()
{
    // What is scheduled meanwhile waits for the next turn.
    for (std::size_t left = ready_.size(); left > 0 && !ready_.empty(); --left) {
        Resumption* const next = ready_.front();
        ready_.pop_front();
        next->scheduled_ = false;
        next->handle_.resume();
    }
}

void Loop::Timer::arm(SteadyTime when)
{
    disarm();
    at_ = loop_.timers_.emplace(when, this);
    armed_ = true;
}

void Loop::Timer::disarm() noexcept
{
    if (std::exchange(armed_, false))
        loop_.timers_.erase(at_);
}

Loop::Watch::Watch(Loop& loop, int fd, std::uint32_t events, std::function<void(std::uint32_t)> callback)
    : loop_(loop), fd_(fd), events_(events), callback_(std::move(callback))
{
    control(loop_.epoll_.get(), EPOLL_CTL_ADD, fd_, events_, this);
}

Loop::Watch::~Watch()
{
    ::epoll_ctl(loop_.epoll_.get(), EPOLL_CTL_DEL, fd_, nullptr);
    for (std::size_t i = loop_.next_event_; i < loop_.events_.size(); ++i)   // events of this turn that are still to come
        if (loop_.events_[i].data.ptr == this) {
            loop_.events_.erase(loop_.events_.begin() + static_cast<std::ptrdiff_t>(i));
            break;
        }
}

void Loop::Watch::change(std::uint32_t events)
{
    if (events == events_)
        return;
    events_ = events;
    control(loop_.epoll_.get(), EPOLL_CTL_MOD, fd_, events_, this);
}

Loop::Resumption::~Resumption()
{
    if (scheduled_)
        loop_.ready_.erase(at_);
}

void Loop::Resumption::schedule()
{
    if (std::exchange(scheduled_, true))
        return;
    at_ = loop_.ready_.insert(loop_.ready_.end(), this);
}

}
