// The supervisor of "forge dev": starts children, starts the dead again, stops all in order.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "os/fd.h"
#include "os/process.h"

namespace forge {

/// When a child is told to stop: the front first, then what it passes requests to, then what those write to.
enum class StopStage { front, middle, back };

struct ChildPlan {
    std::string name;            // names its log: DIR/log/NAME.log
    ProcessStart start;          // without `output` and `errors`: both go to the log
    StopStage stage = StopStage::middle;
    int stop_signal = SIGTERM;
    bool reloads = false;        // takes SIGHUP as the wish to reload
    bool notifies = true;        // says READY=1 (sd_notify); otherwise it is ready when the system answers
};

/// Keeps children running.  To be used by one thread, which must have no other children.
class Supervisor {
public:
    struct Plan {
        std::vector<ChildPlan> children;
        std::string log_folder;
        std::string notify_socket;             // made here
        Millis drain{4000};                    // what the front and the middle get to stop
        std::function<bool()> answers;         // asked once all children are ready: does the whole system answer?
        std::function<void()> when_ready;
        std::function<void()> before_stop;     // stops taking new connections
        std::function<void(const std::string&)> report;   // one line about a child that was started again
    };

    /// Throws SystemError when a log or a socket cannot be made.
    explicit Supervisor(Plan plan);
    ~Supervisor();
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    /// Runs until SIGTERM or SIGINT, or until the terminal is gone; nothing is left running then.  Any other SIGHUP is handed
    /// to the children that reload.  Throws ConfigError when a child or the whole system does not become ready.
    void run();

private:
    struct Child {
        ChildPlan plan;
        Fd log;
        std::size_t log_begin = 0;     // where its log ended before this start
        pid_t pid = 0;
        bool ready = false;
        bool was_ready = false;
        int failures = 0;          // starts that ended before it was ready
        SteadyTime started_at;
        SteadyTime start_at;       // when pid is 0
    };

    void start(Child& child);
    void start_due(SteadyTime now);
    void bury_ended();
    void ended(Child& child, const ProcessEnd& end);
    void read_notifications();
    void announce_when_ready(SteadyTime now);
    Millis time_to_next(SteadyTime now) const;
    bool wait_for_event(Millis at_most);
    bool is_stop(int signal) const;
    void reload_children() const;
    void stop();
    void stop_stage(StopStage stage, SteadyTime deadline);
    bool any_running(StopStage last) const;
    void kill_stages(StopStage last) noexcept;
    [[noreturn]] void give_up(const Child& child, const std::string& why) const;

    Plan plan_;
    Fd signals_;
    Fd notifications_;
    std::vector<Child> children_;
    SteadyTime begun_;
    const bool had_terminal_;
    bool announced_ = false;
    bool stopping_ = false;
    bool hurry_ = false;           // a second signal: do not wait for anybody
};

}
