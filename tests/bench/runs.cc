// Runs against a model server (model.cc), through nginx, with a token, guards, schema and a durable ledger; what they take
// beyond the same load sent straight to the model server, what a server does with thousands that wait, and what others notice.
// usage: runs OPTION... [ROW...]   OPTION: see below; ROW: one steady rate stream waiting disturbed (default: all).  The memory of
// the row waiting is that of a server in which so many did not wait before.
#include "base/options.h"
#include "tests/bench/stamp.h"
#include "tests/bench/waiting.h"

#include <sys/resource.h>

#include <cstdio>
#include <iostream>

namespace forge::bench {

namespace {

void print_pair(const char* what, Outcome& ours, Outcome& straight)
{
    std::printf("%s: p50 %.2f ms, p99 %.2f ms; straight to the model p50 %.2f, p99 %.2f: %.2f and %.2f ms more\n", what,
                ours.took_ms.at(0.5), ours.took_ms.at(0.99), straight.took_ms.at(0.5), straight.took_ms.at(0.99),
                ours.took_ms.at(0.5) - straight.took_ms.at(0.5), ours.took_ms.at(0.99) - straight.took_ms.at(0.99));
    std::printf("    x-forge-overhead-us: p50 %.0f, p99 %.0f; %zu runs answered%s%s\n", ours.overhead_us.at(0.5), ours.overhead_us.at(0.99),
                ours.good(), ours.failures().c_str(), straight.failures().c_str());
}

void measure_one(const Setting& setting)
{
    Outcome base = closed_loop(straight(setting, "hello"), 1, setting.duration);
    const Row row{setting};
    Outcome outcome = closed_loop(ours(setting, "hello"), 1, setting.duration);
    print_pair("one connection, a model that answers at once", outcome, base);
    row.print_stages();
    row.print_cpu(outcome.good());
}

void measure_steady(const Setting& setting)
{
    const auto count = static_cast<std::size_t>(setting.rate * millis(setting.duration) / 1000);
    const OpenLoop::Plan plan{.rate = setting.rate, .count = count};
    Outcome base = OpenLoop{straight(setting, "WAIT 50"), plan}.run();
    const Row row{setting};
    Outcome outcome = OpenLoop{ours(setting, "WAIT 50"), plan}.run();
    print_pair((std::to_string(static_cast<int>(setting.rate)) + " runs/s, a model that takes 50 ms").c_str(), outcome, base);
    row.print_stages();
    row.print_cpu(outcome.good());
}

void measure_rate(const Setting& setting)
{
    Outcome base = closed_loop(straight(setting, "hello"), 32, setting.duration);
    const Row row{setting};
    Outcome outcome = closed_loop(ours(setting, "hello"), 32, setting.duration);
    const Size size = size_of(setting.workers());
    std::printf("32 connections, a model that answers at once: %.0f runs/s, p50 %.2f ms, p99 %.2f ms%s; straight to the model %.0f/s%s\n",
                outcome.rate(), outcome.took_ms.at(0.5), outcome.took_ms.at(0.99), outcome.failures().c_str(), base.rate(), base.failures().c_str());
    row.print_stages();
    row.print_cpu(outcome.good());
    std::printf("    workers together: %.1f MB resident, %.1f MB with shared pages counted once\n", size.resident_kb / 1000, size.proportional_kb / 1000);
}

/// How old the first stamp of each stream is when it comes, and that of every other piece that has one.
struct Delays {
    Samples first_ms, other_ms;
    Outcome outcome;
};

// One after the other over one connection.
Delays stream_delays(const Target& target, std::size_t count)
{
    Loop loop;
    Delays delays;
    HttpConnection connection{loop, target.port};
    bool is_first = true;
    const auto look = [&](std::string_view piece) {
        const auto age = age_of_stamp(piece);
        if (age && piece.find("event: done") == piece.npos)   // which has the whole text once more
            (std::exchange(is_first, false) ? delays.first_ms : delays.other_ms).add(static_cast<double>(age->count()) / 1000);
    };
    const std::function<void()> ask = [&] {
        is_first = true;
        connection.ask(target.bytes, [&, begin = steady_now()](const HttpAnswer& answer) {
            delays.outcome.take(answer, begin, false);
            return answer.status != 0 && --count > 0 ? ask() : loop.stop();
        }, look);
    };
    ask();
    Loop::Timer patience{loop, [&] { loop.stop(); }};
    patience.arm(steady_now() + Millis{60'000});
    loop.run();
    return delays;
}

void measure_stream(const Setting& setting)
{
    constexpr std::size_t streams = 40;
    const std::string message = "WAIT 50 TOKENS 10 EVERY 10";
    Delays base = stream_delays(straight(setting, message, true), streams);
    Delays delays = stream_delays(ours(setting, message, "/v1/api/execute/stream"), streams);
    std::printf("streams through nginx: the first token comes %.2f ms after it was sent (p99 %.2f, straight %.2f), others %.2f (p99 %.2f, straight %.2f)\n",
                delays.first_ms.at(0.5), delays.first_ms.at(0.99), base.first_ms.at(0.5), delays.other_ms.at(0.5), delays.other_ms.at(0.99),
                base.other_ms.at(0.5));
    std::printf("    %zu streams answered%s\n", delays.outcome.good(), delays.outcome.failures().c_str());
}

struct NamedRow {
    std::string_view name;
    void (*measure)(const Setting&);
};
constexpr NamedRow rows[] = {
    {"one", measure_one},       {"steady", measure_steady},       {"rate", measure_rate},
    {"stream", measure_stream}, {"waiting", measure_undisturbed}, {"disturbed", measure_disturbed},
};

constexpr Option options[] = {
    {"--model", "URL", "the model server"},
    {"--forge", "URL", "nginx"},
    {"--ledger", "DIR", "the ledger's folder"},
    {"--evidence", "PATH", "a folder below an evidence root, 1 GB"},
    {"--process", "NAME=PID", "a process to look at; those named first are the workers"},
    {"--seconds", "N", "for each measurement (3)"},
    {"--rate", "N", "runs a second of the row steady (500)"},
    {"--waiting", "N", "runs that wait at once (5000)"},
};

std::vector<Group> groups_of(const std::vector<std::string>& words)
{
    std::vector<Group> groups;
    for (const std::string& word : words) {
        const auto sign = word.find('=');
        const std::string name = word.substr(0, sign);
        const auto found = std::ranges::find(groups, name, &Group::name);
        Group& group = found == groups.end() ? groups.emplace_back(Group{name, {}}) : *found;
        group.processes.push_back(std::atol(word.c_str() + sign + 1));
    }
    if (groups.empty())
        throw UsageError("--process is missing");
    return groups;
}

void run(const Arguments& arguments)
{
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    Setting setting{.model = arguments.value("--model"), .forge = arguments.value("--forge"), .ledger = arguments.value("--ledger"),
                    .evidence = arguments.value("--evidence"), .groups = groups_of(arguments.values("--process"))};
    setting.duration = Millis{1000 * arguments.number("--seconds", 3, 1, 3600)};
    setting.rate = static_cast<double>(arguments.number("--rate", 500, 1, 100'000));
    setting.waiting = static_cast<std::size_t>(arguments.number("--waiting", 5000, 1, 50'000));
    (void)closed_loop(ours(setting, "hello"), 8, Millis{500});   // caches and connections are warm
    for (const NamedRow& row : rows)
        if (arguments.operands().empty() || std::ranges::count(arguments.operands(), row.name) > 0) {
            row.measure(setting);
            std::fflush(stdout);
        }
}

}

}

int main(int argc, char** argv)
try {
    using namespace forge;
    const std::vector<std::string> words(argv + 1, argv + argc);
    bench::run(Arguments{bench::options, words});
    return 0;
} catch (const forge::UsageError& error) {
    std::cerr << "runs: " << error.what() << '\n';
    return 64;
} catch (const std::exception& error) {
    std::cerr << "runs: " << error.what() << '\n';
    return 1;
}
