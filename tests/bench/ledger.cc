// Durable appends per second through forge-ledgerd, by writer processes that wait for each acknowledgement, one event or
// a packet full at a time, beside bare writes with fdatasync and with flock; and a start after a kill with a full log.
// usage: ledger SOCKET FOLDER [ROW]
#include "base/clock.h"
#include "base/error.h"
#include "base/ids.h"
#include "ledger/client.h"
#include "ledger/engine.h"
#include "os/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <vector>

namespace forge {

namespace {

constexpr int most_writers = 128;
constexpr int seconds = 4;
constexpr std::size_t packet_events = 250;
constexpr std::uint64_t line_bytes = 620;
constexpr std::size_t most_samples = 100'000;

/// What a writer process leaves in shared memory.
struct Tally {
    std::size_t count;
    std::size_t events;
    std::uint32_t micros[most_samples];
};

double bare_syncs(const std::string& folder)
{
    const Fd file = open_file(folder + "/bare", O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
    const std::string line(600, 'x');
    const SteadyTime end = steady_now() + std::chrono::seconds{seconds};
    long count = 0;
    for (; steady_now() < end; ++count) {
        write_all(file.get(), line, "bare");
        if (::fdatasync(file.get()) != 0)
            throw errno_error("fdatasync");
    }
    ::unlink((folder + "/bare").c_str());
    return static_cast<double>(count) / seconds;
}

// What each of many processes does without a sequencer: lock, append, sync.
std::size_t append_with_flock(const std::string& path)
{
    const Fd file = open_file(path, O_CREAT | O_WRONLY | O_APPEND, 0600);
    const std::string line(600, 'x');
    if (::flock(file.get(), LOCK_EX) != 0)
        throw errno_error("flock");
    write_all(file.get(), line, "flock");
    if (::fdatasync(file.get()) != 0 || ::flock(file.get(), LOCK_UN) != 0)
        throw errno_error("fdatasync");
    return 1;
}

LedgerEvent bench_event()
{
    return {.id = "bench." + uuid_v7(), .type = "journal.test", .event = R"({"filler":")" + std::string(280, 'x') + R"("})"};
}

std::size_t append_one(LedgerClient& client, Want want)
{
    const LedgerReply reply = client.append(bench_event(), want);
    if (!reply.ok)
        throw Error(reply.error + ": " + reply.detail);
    return 1;
}

std::size_t append_packet(LedgerClient& client)
{
    std::vector<LedgerEvent> events(packet_events);
    for (LedgerEvent& event : events)
        event = bench_event();
    const LedgerReply reply = client.call(encode_appendv(events));
    if (!reply.ok)
        throw Error(reply.error + ": " + reply.detail);
    return events.size();
}

void write_for(const std::function<std::size_t()>& append, Tally& tally)
{
    const SteadyTime end = steady_now() + std::chrono::seconds{seconds};
    for (SteadyTime begin = steady_now(); begin < end; begin = steady_now()) {
        tally.events += append();
        const auto took = std::chrono::duration_cast<Micros>(steady_now() - begin).count();
        tally.micros[std::min(tally.count, most_samples - 1)] = static_cast<std::uint32_t>(took);
        ++tally.count;
    }
}

// A request that writes nothing: what the way to the daemon and back takes.
double round_trips(const std::string& socket)
{
    LedgerClient client{socket, Millis{10'000}};
    const SteadyTime end = steady_now() + std::chrono::seconds{1};
    long count = 0;
    for (; steady_now() < end; ++count)
        client.call(encode_head());
    return static_cast<double>(count);
}

/// Makes what a writer process calls again and again.
using MakeWriter = std::function<std::function<std::size_t()>()>;

std::string only;   // the measurement, when not all are wanted

// Each writer is a process.
void measure(const char* what, int writers, double bare, const MakeWriter& make)
{
    if (!only.empty() && only != what)
        return;
    const std::size_t size = sizeof(Tally) * static_cast<std::size_t>(writers);
    auto* const tallies = static_cast<Tally*>(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    std::fflush(stdout);
    for (int i = 0; i < writers; ++i)
        if (::fork() == 0) {
            try {
                write_for(make(), tallies[i]);
                ::_exit(0);
            } catch (const std::exception& error) {
                std::cerr << "ledger: " << error.what() << '\n';
                ::_exit(1);
            }
        }
    bool good = true;
    for (int status = 0; ::wait(&status) > 0;)
        good = good && status == 0;
    std::vector<std::uint32_t> all;
    std::size_t events = 0;
    for (int i = 0; i < writers; ++i) {
        all.insert(all.end(), tallies[i].micros, tallies[i].micros + std::min(tallies[i].count, most_samples));
        events += tallies[i].events;
    }
    std::ranges::sort(all);
    const double rate = static_cast<double>(events) / seconds;
    std::printf("%-34s %3d writers: %8.0f/s (%.1f of bare), p50 %.2f ms, p99 %.2f ms%s\n", what, writers, rate, rate / bare,
                all.empty() ? 0 : all[all.size() / 2] / 1000.0, all.empty() ? 0 : all[all.size() * 99 / 100] / 1000.0,
                good ? "" : ", and a writer failed");
    std::fflush(stdout);
    ::munmap(tallies, size);
}

// After as many lines as both segments of the log take: published in time, as forge-ledgerd does, or not at all, which
// leaves the log full, as on a disk that is full for long.
void measure_start(const std::string& folder, bool is_published)
{
    RealIo io;
    RealEnv env;
    const EngineOptions options{.root = folder + "/started", .origin = "bench.example/log", .rights = "bench"};
    auto engine = std::make_unique<Engine>(options, io, env);
    engine->publish();
    const std::uint64_t enough = 2 * options.space.sizes.segment / 10 * 9;
    std::uint64_t bytes = 0;
    for (std::vector<Submission> batch; bytes < enough; batch.clear()) {
        for (std::size_t i = 0; i < packet_events; ++i)
            batch.push_back({"bench", {bench_event()}});
        engine->commit(batch);
        if (is_published)
            engine->tick();
        bytes += packet_events * line_bytes;
    }
    const std::uint64_t lines = engine->head().size();
    const std::uint64_t published = engine->publisher().size();
    engine.reset();   // nothing is written at the end, as by kill -9
    const SteadyTime begin = steady_now();
    engine = std::make_unique<Engine>(options, io, env);
    const auto took = std::chrono::duration_cast<Millis>(steady_now() - begin);
    std::printf("start after a kill: %lld ms, with %llu of %llu lines not published\n", static_cast<long long>(took.count()),
                static_cast<unsigned long long>(lines - published), static_cast<unsigned long long>(lines));
    engine.reset();
    std::filesystem::remove_all(options.root);
}

}

}

int main(int argc, char** argv)
try {
    if (argc != 3 && argc != 4)
        return 64;
    forge::only = argc == 4 ? argv[3] : "";
    const double bare = forge::bare_syncs(argv[2]);
    std::printf("bare 600-byte append and fdatasync: %.0f/s\n", bare);
    std::printf("requests that write nothing, one client: %.0f/s\n", forge::round_trips(argv[1]));
    std::fflush(stdout);
    using forge::LedgerClient;
    const std::string socket = argv[1];
    const std::string locked = std::string{argv[2]} + "/flock";
    const auto client = [&] { return std::make_shared<LedgerClient>(socket, forge::Millis{10'000}); };
    for (const int writers : {1, forge::most_writers}) {
        forge::measure("flock, append, fdatasync", writers, bare, [&] { return [&] { return forge::append_with_flock(locked); }; });
        forge::measure("appends", writers, bare, [&] { return [it = client()] { return forge::append_one(*it, forge::Want::leaf); }; });
    }
    forge::measure("appends with receipt", 1, bare, [&] { return [it = client()] { return forge::append_one(*it, forge::Want::receipt); }; });
    for (const int writers : {2, 8})
        forge::measure("packets of 250", writers, bare, [&] { return [it = client()] { return forge::append_packet(*it); }; });
    std::filesystem::remove(locked);
    if (!forge::only.empty() && forge::only != "start")
        return 0;
    for (const bool is_published : {true, false})
        forge::measure_start(argv[2], is_published);
    return 0;
} catch (const std::exception& error) {
    std::cerr << "ledger: " << error.what() << '\n';
    return 1;
}
