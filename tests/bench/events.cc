// The index of events at 10 million lines: how long its parts take, and how much memory.  usage: events FOLDER [LINES]
#include "base/clock.h"
#include "base/error.h"
#include "ledger/entry.h"
#include "ledger/event_index.h"
#include "ledger/events.h"
#include "os/file.h"
#include "tlog/merkle.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

namespace forge {

namespace {

constexpr std::uint64_t templates = 1000;
constexpr int rounds = 50;

double millis_since(SteadyTime begin)
{
    return static_cast<double>(std::chrono::duration_cast<Micros>(steady_now() - begin).count()) / 1000;
}

long resident_kib()
{
    std::ifstream file{"/proc/self/status"};
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("VmRSS:"))
            return std::atol(line.c_str() + 6);
    return 0;
}

/// Runs of a thousand templates, one after the other, a million lines a day: real lines in real shards.
class Generator {
public:
    explicit Generator(const std::string& root) : root_(root), index_((make_folders(root + "/index"), root + "/index")) {}

    void fill(std::uint64_t lines)
    {
        for (std::uint64_t seq = 0; seq < lines; ++seq)
            append(seq);
    }

private:
    void append(std::uint64_t seq)
    {
        const WallTime ts = start_ + std::chrono::days{seq / lines_a_day} + std::chrono::milliseconds{seq % lines_a_day * 80};
        const std::string day = utc_day(ts);
        if (day != day_) {
            shard_.close();
            shard_.open(root_ + "/events-" + day + ".jsonl", std::ios::binary);
            day_ = day;
            offset_ = 0;
        }
        const std::uint64_t number = seq / 2;
        const bool starts = seq % 2 == 0;
        const std::string run = "01a20adc-d75f-75af-9f85-" + std::to_string(100000000000 + number);
        const std::string id = run + (starts ? ".started" : ".finished"), type = starts ? "run.started" : "run.finished";
        const std::string event = R"({"profile":"vault","run":")" + run + (starts ? R"(",)" : R"(","status":"ok",)")
                                  + R"("template":{"digest":"sha256:0","id":"bench.t)" + std::to_string(number % templates) + R"(","version":"1.0.0"}})";
        const std::string zeros(64, '0'), time = rfc3339(ts);
        const std::string line = entry_line({.actor = "forge", .event = event, .id = id, .prev = zeros, .priv = {},
                                             .salt = std::string_view{zeros}.substr(32), .seq = seq, .ts = time, .type = type});
        shard_ << line << '\n';
        const bool taken = index_.append({.seq = seq, .day = static_cast<std::uint16_t>(ts.time_since_epoch() / std::chrono::days{1}),
                                          .offset = offset_, .length = line.size(), .ts = ts, .key = short_hash(id), .type = type, .event = event,
                                          .leaf = leaf_hash(line), .subject = {}});
        if (!taken)
            throw Error("the index does not take line " + std::to_string(seq));
        offset_ += line.size() + 1;
    }

    static constexpr std::uint64_t lines_a_day = 1'000'000;
    const std::string root_;
    EventIndexWriter index_;
    const WallTime start_ = *parse_rfc3339("2026-01-01T00:00:00Z");
    std::ofstream shard_;
    std::string day_;
    std::uint64_t offset_ = 0;
};

template <class Act>
void measure(const char* what, Act act)
{
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        const SteadyTime begin = steady_now();
        act(i);
        times.push_back(millis_since(begin));
    }
    const double first = times.front();
    std::ranges::sort(times);
    std::printf("%-44s median %8.3f ms, worst %8.3f ms, first %8.3f ms\n", what, times[rounds / 2], times.back(), first);
}

EventQuery newest(int i)
{
    EventQuery query;
    query.template_id = "bench.t" + std::to_string(i * 7);
    return query;
}

void run(const std::string& root, std::uint64_t lines)
{
    const SteadyTime begin = steady_now();
    Generator{root}.fill(lines);
    const double took = millis_since(begin);
    std::printf("%llu lines written and indexed in %.1f s (%.2f us each)\n", static_cast<unsigned long long>(lines), took / 1000,
                took * 1000 / static_cast<double>(lines));
    Events events{root};
    measure("newest 50 of one template", [&](int i) {
        const auto page = events.find(newest(i));
        if (!page || page->runs.size() != std::min<std::size_t>(50, lines / 2 / templates))
            throw Error("not the page that was expected");
    });
    measure("newest 50 of all", [&](int) { events.find(EventQuery{}); });
    measure("newest 50 of one template that are ok", [&](int i) {
        EventQuery query = newest(i);
        query.status = "ok";
        events.find(query);
    });
    measure("one run by its id", [&](int i) { events.run("01a20adc-d75f-75af-9f85-" + std::to_string(100000000000 + static_cast<std::uint64_t>(i))); });
    measure("stats", [&](int) { events.stats(); });
    std::printf("index: %.0f MB of files (96 bytes a line); this process: %ld kB resident, the index's pages it touched included\n",
                static_cast<double>(lines) * 96 / 1e6, resident_kib());
}

}

}

int main(int argc, char** argv)
try {
    if (argc < 2)
        return 64;
    forge::run(argv[1], argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000'000);
    return 0;
} catch (const std::exception& error) {
    std::cerr << "events: " << error.what() << '\n';
    return 1;
}
