// What is seen of a server under load from outside: its metrics, its processes, how long others wait, what its ledger has.
#pragma once

#include "base/error.h"
#include "lib/web_client.h"
#include "os/file.h"
#include "tests/bench/load.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <set>
#include <thread>

namespace forge::bench {

inline WebRequest web_request(const std::string& method, const std::string& url)
{
    WebRequest request;
    request.method = method;
    request.url = url;
    return request;
}

/// The page /metrics, by name and labels as they stand there.
class MetricsPage {
public:
    explicit MetricsPage(const std::string& url)
    {
        WebClient client;
        const WebAnswer answer = client.send(web_request("GET", url + "/metrics"));
        if (answer.status != 200)
            throw Error("metrics answer " + std::to_string(answer.status));
        for (const std::string_view line : split(answer.body, '\n'))
            if (const auto blank = line.rfind(' '); !line.starts_with('#') && blank != line.npos)
                values_[std::string{line.substr(0, blank)}] = std::strtod(line.data() + blank, nullptr);
    }

    double operator[](const std::string& name) const
    {
        const auto found = values_.find(name);
        return found == values_.end() ? 0 : found->second;
    }
    /// What follows the text in names that begin with it, to its closing quote: "x{stage=\"" gives the stages.
    std::set<std::string> labels(const std::string& begin) const
    {
        std::set<std::string> result;
        for (auto at = values_.lower_bound(begin); at != values_.end() && at->first.starts_with(begin); ++at)
            result.insert(at->first.substr(begin.size(), at->first.find('"', begin.size()) - begin.size()));
        return result;
    }

private:
    std::map<std::string, double> values_;
};

/// Of a histogram between two looks.
struct Lag {
    double turns = 0;
    double late_share = 0;       // longer than 5 ms
    double p99_bound_ms = 0;     // the bucket's upper bound that 99 % do not exceed; 0: beyond all
};

inline Lag lag_between(const MetricsPage& before, const MetricsPage& after)
{
    const std::string name = "forge_loop_lag_seconds";
    const auto grown = [&](const std::string& what) { return after[name + what] - before[name + what]; };
    Lag lag{.turns = grown("_count")};
    lag.late_share = lag.turns > 0 ? 1 - grown("_bucket{le=\"0.005\"}") / lag.turns : 0;
    std::map<double, double> buckets;
    for (const std::string& bound : after.labels(name + "_bucket{le=\""))
        if (bound != "+Inf")
            buckets[std::stod(bound) * 1000] = grown("_bucket{le=\"" + bound + "\"}");
    for (const auto& [bound, count] : buckets)
        if (count >= 0.99 * lag.turns) {
            lag.p99_bound_ms = bound;
            break;
        }
    return lag;
}

/// Processes that are looked at together: "worker" and its two.
struct Group {
    std::string name;
    std::vector<long> processes;
};

struct Size {
    double resident_kb = 0, proportional_kb = 0;
    long threads = 0;
};

inline double number_in(const std::string& text, std::string_view name)
{
    const auto at = text.find(name);
    return at == text.npos ? 0 : std::strtod(text.c_str() + at + name.size(), nullptr);
}

inline Size size_of(const Group& group)
{
    Size size;
    for (const long process : group.processes) {
        const std::string folder = "/proc/" + std::to_string(process);
        const std::string status = read_file(folder + "/status");
        size.resident_kb += number_in(status, "VmRSS:");
        size.threads += static_cast<long>(number_in(status, "Threads:"));
        size.proportional_kb += number_in(read_file(folder + "/smaps_rollup"), "\nPss:");
    }
    return size;
}

/// Processor time so far, of user and kernel.
inline double cpu_seconds(const Group& group)
{
    double ticks = 0;
    for (const long process : group.processes) {
        const std::string stat = read_file("/proc/" + std::to_string(process) + "/stat");
        const auto fields = split(std::string_view{stat}.substr(stat.rfind(')') + 2), ' ');   // from the third on
        ticks += static_cast<double>(parse_unsigned(fields.at(11)).value_or(0) + parse_unsigned(fields.at(12)).value_or(0));
    }
    return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// Asks /v1/health twenty times a second for as long as it lives.
class HealthProbe {
public:
    explicit HealthProbe(const std::string& url) : thread_([this, url](const std::stop_token& stop) { probe(stop, url); }) {}

    /// Ends it.  Failures are in `failed`.
    Samples& took_ms()
    {
        thread_.request_stop();
        if (thread_.joinable())
            thread_.join();
        return took_;
    }
    std::size_t failed() const { return failed_; }

private:
    // From the moment a question is due.
    void probe(const std::stop_token& stop, const std::string& url)
    {
        WebClient client;
        for (SteadyTime due = steady_now(); !stop.stop_requested(); due += Millis{50}) {
            std::this_thread::sleep_until(due);
            try {
                failed_ += client.send(web_request("GET", url + "/v1/health")).status == 200 ? 0 : 1;
                took_.add(millis(steady_now() - due));
            } catch (const WebError&) {
                ++failed_;
            }
        }
    }

    Samples took_;
    std::size_t failed_ = 0;
    std::jthread thread_;   // the last: it uses the others
};

/// How often each run ended, in the lines that the ledger's folder has.
inline std::map<std::string, std::size_t> ends_in_ledger(const std::string& root)
{
    std::map<std::string, std::size_t> ends;
    constexpr std::string_view end = R"(.finished")", id = R"("id":")";
    constexpr std::size_t run_size = 36;
    for (const std::string& name : names_in(root)) {
        if (!name.starts_with("events-"))
            continue;
        const std::string text = read_file(root + "/" + name);
        for (auto at = text.find(end); at != text.npos; at = text.find(end, at + 1))
            if (at >= run_size + id.size() && text.compare(at - run_size - id.size(), id.size(), id) == 0)
                ++ends[text.substr(at - run_size, run_size)];
    }
    return ends;
}

}
