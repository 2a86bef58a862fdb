// Load on a server: so many connections that ask again and again, or so many requests a second whatever comes back.
#pragma once

#include "tests/bench/http_connection.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <list>
#include <map>
#include <vector>

namespace forge::bench {

class Samples {
public:
    void add(double value) { values_.push_back(value); is_sorted_ = false; }
    std::size_t size() const { return values_.size(); }
    /// The value that so large a share does not exceed; 0 without any.
    double at(double share)
    {
        if (values_.empty())
            return 0;
        if (!std::exchange(is_sorted_, true))
            std::ranges::sort(values_);
        return values_[static_cast<std::size_t>(share * static_cast<double>(values_.size() - 1))];
    }

private:
    std::vector<double> values_;
    bool is_sorted_ = true;
};

inline double millis(SteadyTime::duration time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

/// What came of a load.
struct Outcome {
    std::map<int, std::size_t> statuses;   // 0: no answer
    Samples took_ms;                       // of those that were answered 200
    Samples overhead_us;                   // what x-forge-overhead-us said
    std::vector<std::string> runs;         // their eventIds, where they are wanted
    double seconds = 0;

    std::size_t good() const
    {
        const auto found = statuses.find(200);
        return found == statuses.end() ? 0 : found->second;
    }
    double rate() const { return static_cast<double>(good()) / seconds; }
    /// ", 3 x 502" and the like; empty when all is well.
    std::string failures() const
    {
        std::string text;
        for (const auto& [status, count] : statuses)
            if (status != 200)
                text += ", " + std::to_string(count) + " x " + (status == 0 ? "no answer" : std::to_string(status));
        return text;
    }

    void take(const HttpAnswer& answer, SteadyTime begin, bool with_runs)
    {
        ++statuses[answer.status];
        if (answer.status != 200)
            return;
        took_ms.add(millis(steady_now() - begin));
        if (const auto overhead = parse_unsigned(answer.header("x-forge-overhead-us")))
            overhead_us.add(static_cast<double>(*overhead));
        if (constexpr std::string_view name = R"("eventId":")"; with_runs && answer.body.find(name) != answer.body.npos)
            runs.push_back(answer.body.substr(answer.body.find(name) + name.size(), 36));
    }
};

/// Each connection asks as soon as it is answered.
inline Outcome closed_loop(const Target& target, std::size_t connections, Millis duration)
{
    Loop loop;
    Outcome outcome;
    std::list<HttpConnection> all;
    const SteadyTime begin = steady_now();
    const std::function<void(HttpConnection&)> ask = [&](HttpConnection& connection) {
        const SteadyTime now = steady_now();
        if (now - begin >= duration)
            return loop.stop();
        connection.ask(target.bytes, [&outcome, &ask, &connection, now](const HttpAnswer& answer) {
            outcome.take(answer, now, false);
            if (answer.status != 0)
                ask(connection);
        });
    };
    for (std::size_t i = 0; i < connections; ++i)
        ask(all.emplace_back(loop, target.port));
    Loop::Timer patience{loop, [&] { loop.stop(); }};
    patience.arm(begin + duration + Millis{10'000});
    loop.run();
    outcome.seconds = millis(steady_now() - begin) / 1000;
    return outcome;
}

/// Requests at their moments, whether earlier ones were answered or not: a request that finds no free connection gets one
/// of its own.  The time of each is from the moment at which it was due, not from when it was sent.
class OpenLoop {
public:
    struct Plan {
        double rate = 0;             // a second
        std::size_t count = 0;
        Millis patience{60'000};     // for the last answer
        bool with_runs = false;
        std::function<void()> at_peak = {};   // a second after the last request was sent; must not take long
    };
    OpenLoop(Target target, Plan plan) : target_(std::move(target)), plan_(std::move(plan)) {}

    Outcome run()
    {
        const Fd clock{::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)};
        const long step = static_cast<long>(1e9 / plan_.rate);
        const itimerspec times{{step / 1'000'000'000, step % 1'000'000'000}, {0, 1}};
        if (!clock || ::timerfd_settime(clock.get(), 0, &times, nullptr) != 0)
            throw errno_error("timerfd");
        const Loop::Watch ticks{loop_, clock.get(), EPOLLIN, [this, &clock](std::uint32_t) { send_due(clock.get()); }};
        begin_ = steady_now();
        loop_.run();
        outcome_.seconds = millis(steady_now() - begin_) / 1000;
        outcome_.statuses[0] += plan_.count - ended_;
        if (outcome_.statuses[0] == 0)
            outcome_.statuses.erase(0);
        return std::move(outcome_);
    }

private:
    void send_due(int clock)
    {
        std::uint64_t due = 0;
        if (::read(clock, &due, sizeof due) != sizeof due)
            return;
        for (; due > 0 && sent_ < plan_.count; --due, ++sent_)
            send(begin_ + std::chrono::duration_cast<SteadyTime::duration>(std::chrono::duration<double>(static_cast<double>(sent_) / plan_.rate)));
        if (sent_ == plan_.count && !std::exchange(is_all_sent_, true)) {
            peak_.arm(steady_now() + Millis{1000});
            end_.arm(steady_now() + plan_.patience);
        }
    }

    void send(SteadyTime due)
    {
        if (idle_.empty())
            idle_.push_back(&all_.emplace_back(loop_, target_.port));
        HttpConnection* const connection = idle_.back();
        idle_.pop_back();
        connection->ask(target_.bytes, [this, connection, due](const HttpAnswer& answer) {
            outcome_.take(answer, due, plan_.with_runs);
            if (answer.status != 0)
                idle_.push_back(connection);
            if (++ended_ == plan_.count)
                loop_.stop();
        });
    }

    const Target target_;
    const Plan plan_;
    Loop loop_;
    Loop::Timer peak_{loop_, [this] { if (plan_.at_peak) plan_.at_peak(); }};
    Loop::Timer end_{loop_, [this] { loop_.stop(); }};
    std::list<HttpConnection> all_;
    std::vector<HttpConnection*> idle_;
    Outcome outcome_;
    SteadyTime begin_{};
    std::size_t sent_ = 0, ended_ = 0;
    bool is_all_sent_ = false;
};

}
