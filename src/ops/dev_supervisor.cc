// The supervisor of "forge dev": one thread that waits for signals, notifications and the next start.
#include "ops/dev_supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/signals.h"
#include "ops/dev_notify.h"

namespace forge {

namespace {

constexpr int first_starts = 5;                    // of a child that never became ready
constexpr Millis start_deadline{60'000};           // for the whole system; generous for sanitizer builds
constexpr Millis restart_pause{50};                // between starts of a child that dies at once
constexpr Millis look_again{5};
constexpr Millis front_grace{200};                 // requests that nginx has read get to the workers before these stop
constexpr Millis back_grace{800};

// Of what was written since, so that no words of an earlier life are taken for the reason.
std::string last_line(const std::string& path, std::size_t since)
{
    const std::string all = read_file(path);
    const std::string_view text = std::string_view{all}.substr(std::min(since, all.size()));
    std::string_view last;
    for (const std::string_view line : split(text, '\n'))
        if (!trim(line).empty())
            last = trim(line);
    return last.empty() ? "" : ": " + std::string{utf8_prefix(last, 1000)};
}

Millis until(SteadyTime time, SteadyTime now)
{
    return time <= now ? Millis{0} : std::chrono::ceil<Millis>(time - now);
}

}

Supervisor::Supervisor(Plan plan)
    : plan_(std::move(plan)), signals_(signal_descriptor({SIGCHLD, SIGTERM, SIGINT, SIGHUP})),
      notifications_(notify_socket(plan_.notify_socket)), had_terminal_(::isatty(STDERR_FILENO) != 0)
{
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);   // what a killed child leaves comes here and not to process 1
    for (ChildPlan& child : plan_.children) {
        const std::string path = plan_.log_folder + "/" + child.name + ".log";
        child.start.variables["NOTIFY_SOCKET"] = plan_.notify_socket;
        Fd log = open_file(path, O_WRONLY | O_CREAT | O_APPEND, 0640);
        const auto log_begin = static_cast<std::size_t>(std::max<off_t>(::lseek(log.get(), 0, SEEK_END), 0));
        children_.push_back({.plan = std::move(child), .log = std::move(log), .log_begin = log_begin,
                             .started_at = {}, .start_at = {}});
    }
}

Supervisor::~Supervisor()
{
    kill_stages(StopStage::back);
}

void Supervisor::run()
{
    begun_ = steady_now();
    for (;;) {
        const SteadyTime now = steady_now();
        start_due(now);
        announce_when_ready(now);
        if (wait_for_event(time_to_next(steady_now())))
            break;
    }
    stop();
}

void Supervisor::start(Child& child)
{
    child.plan.start.output = child.plan.start.errors = child.log.get();
    child.started_at = steady_now();
    child.pid = start_process(child.plan.start);
    child.ready = !child.plan.notifies;
}

void Supervisor::start_due(SteadyTime now)
{
    for (Child& child : children_) {
        if (child.pid != 0 || child.start_at > now)
            continue;
        try {
            start(child);
        } catch (const SystemError& error) {   // a program that is being replaced comes back
            if (!child.was_ready)
                throw;
            plan_.report(error.what());
            child.start_at = now + restart_pause;
        }
    }
}

void Supervisor::announce_when_ready(SteadyTime now)
{
    if (announced_)
        return;
    const auto waiting = std::ranges::find_if(children_, [](const Child& child) { return child.plan.notifies && !child.was_ready; });
    if (waiting == children_.end() && plan_.answers()) {
        announced_ = true;
        for (Child& child : children_)
            child.was_ready = true;
        plan_.when_ready();
    } else if (now - begun_ > start_deadline) {
        if (waiting != children_.end())
            give_up(*waiting, "is not ready after " + std::to_string(start_deadline.count() / 1000) + " s");
        throw ConfigError("the system does not answer; see " + plan_.log_folder);
    }
}

Millis Supervisor::time_to_next(SteadyTime now) const
{
    Millis time = announced_ ? Millis{60'000} : look_again;
    for (const Child& child : children_)
        if (child.pid == 0)
            time = std::min(time, until(child.start_at, now));
    return time;
}

// Tells whether to stop.
bool Supervisor::wait_for_event(Millis at_most)
{
    std::array<pollfd, 2> events{{{signals_.get(), POLLIN, 0}, {notifications_.get(), POLLIN, 0}}};
    ::poll(events.data(), events.size(), static_cast<int>(at_most.count()));
    read_notifications();   // before the ends, so that a child that was ready and died at once counts as ready
    bool stop_wanted = false;
    while (const int signal = next_signal(signals_))
        if (is_stop(signal))
            stop_wanted = true;
        else if (signal == SIGHUP)
            reload_children();
    bury_ended();
    return stop_wanted;
}

// A shell passes SIGHUP on when its terminal is closed; the terminal answers with an error by then.
bool Supervisor::is_stop(int signal) const
{
    return signal == SIGTERM || signal == SIGINT || (signal == SIGHUP && had_terminal_ && ::isatty(STDERR_FILENO) == 0);
}

void Supervisor::reload_children() const
{
    for (const Child& child : children_)
        if (child.plan.reloads && child.ready)
            signal_process(child.pid, SIGHUP);
}

void Supervisor::bury_ended()
{
    while (const auto end = reap_process())
        for (Child& child : children_)
            if (child.pid == end->pid)
                ended(child, *end);
}

void Supervisor::ended(Child& child, const ProcessEnd& end)
{
    child.pid = 0;
    child.ready = false;
    if (stopping_)
        return;
    const SteadyTime now = steady_now();
    child.start_at = now - child.started_at < restart_pause ? now + restart_pause : now;
    if (child.was_ready)
        plan_.report(child.plan.name + " ended (" + end.text + "), starting it again");
    else if (++child.failures >= first_starts || end.code == exit_config)
        give_up(child, "does not start: " + end.text);
}

void Supervisor::give_up(const Child& child, const std::string& why) const
{
    const std::string log = plan_.log_folder + "/" + child.plan.name + ".log";
    throw ConfigError(child.plan.name + " " + why + last_line(log, child.log_begin) + " (" + log + ")");
}

void Supervisor::read_notifications()
{
    while (const auto notification = next_notification(notifications_))
        for (Child& child : children_)
            if (child.pid == notification->pid && notification->says("READY=1"))
                child.ready = child.was_ready = true;
}

void Supervisor::stop()
{
    stopping_ = true;
    plan_.before_stop();
    const SteadyTime begin = steady_now();
    stop_stage(StopStage::front, begin + front_grace);
    stop_stage(StopStage::middle, begin + plan_.drain);
    kill_stages(StopStage::middle);
    stop_stage(StopStage::back, steady_now() + back_grace);
    kill_stages(StopStage::back);
}

// Tells the children of a stage to stop, and waits for them and the earlier ones, at most until the deadline.
void Supervisor::stop_stage(StopStage stage, SteadyTime deadline)
{
    for (const Child& child : children_)
        if (child.plan.stage == stage)
            signal_process(child.pid, child.plan.stop_signal);
    while (!hurry_ && any_running(stage)) {
        const SteadyTime now = steady_now();
        if (now >= deadline)
            return;
        hurry_ = wait_for_event(until(deadline, now));
    }
}

void Supervisor::kill_stages(StopStage last) noexcept
{
    for (Child& child : children_)
        if (child.pid != 0 && child.plan.stage <= last) {
            signal_group(child.pid, SIGKILL);
            try {
                wait_for_process(child.pid, steady_now() + back_grace);
            } catch (const std::exception&) {
                // Already reaped: there is nothing left to kill.
            }
            child.pid = 0;
        }
}

bool Supervisor::any_running(StopStage last) const
{
    return std::ranges::any_of(children_, [=](const Child& child) { return child.pid != 0 && child.plan.stage <= last; });
}

}
