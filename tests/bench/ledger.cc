// Durable appends per second through forge-ledgerd, by writer processes that wait for each acknowledgement, beside bare
// writes with fdatasync.  usage: ledger SOCKET FOLDER
#include "base/clock.h"
#include "base/error.h"
#include "base/ids.h"
#include "ledger/client.h"
#include "os/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <vector>

namespace forge {

namespace {

constexpr int most_writers = 128;
constexpr int seconds = 4;
constexpr std::size_t most_samples = 100'000;

/// What a writer process leaves in shared memory.
struct Tally {
    std::size_t count;
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

void write_events(const std::string& socket, Tally& tally)
{
    LedgerClient client{socket, Millis{10'000}};
    const std::string event = R"({"filler":")" + std::string(280, 'x') + R"("})";
    const SteadyTime end = steady_now() + std::chrono::seconds{seconds};
    while (steady_now() < end) {
        const SteadyTime begin = steady_now();
        client.append({.id = "bench." + uuid_v7(), .type = "journal.test", .event = event});
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

void measure(const std::string& socket, int writers, double bare)
{
    const std::size_t size = sizeof(Tally) * static_cast<std::size_t>(writers);
    auto* const tallies = static_cast<Tally*>(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    for (int i = 0; i < writers; ++i)
        if (::fork() == 0) {
            write_events(socket, tallies[i]);
            ::_exit(0);
        }
    bool good = true;
    for (int status = 0; ::wait(&status) > 0;)
        good = good && status == 0;
    std::vector<std::uint32_t> all;
    for (int i = 0; i < writers; ++i)
        all.insert(all.end(), tallies[i].micros, tallies[i].micros + std::min(tallies[i].count, most_samples));
    std::ranges::sort(all);
    const double rate = static_cast<double>(all.size()) / seconds;
    std::printf("%3d writers: %8.0f acks/s (%.1f of bare), p50 %.2f ms, p99 %.2f ms%s\n", writers, rate, rate / bare,
                all.empty() ? 0 : all[all.size() / 2] / 1000.0, all.empty() ? 0 : all[all.size() * 99 / 100] / 1000.0,
                good ? "" : ", and a writer failed");
    ::munmap(tallies, size);
}

}

}

int main(int argc, char** argv)
try {
    if (argc != 3)
        return 64;
    const double bare = forge::bare_syncs(argv[2]);
    std::printf("bare 600-byte append and fdatasync: %.0f/s\n", bare);
    std::printf("requests that write nothing, one client: %.0f/s\n", forge::round_trips(argv[1]));
    std::fflush(stdout);
    for (const int writers : {1, forge::most_writers}) {
        forge::measure(argv[1], writers, bare);
        std::fflush(stdout);
    }
    return 0;
} catch (const std::exception& error) {
    std::cerr << "ledger: " << error.what() << '\n';
    return 1;
}
