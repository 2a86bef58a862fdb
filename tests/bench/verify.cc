// Verifying a large ledger, beside reading and hashing the same bytes.  usage: verify FOLDER [LINES]
#include "audit/verify.h"
#include "base/clock.h"
#include "base/error.h"
#include "ledger/engine.h"
#include "ledger/shard_reader.h"
#include "lib/crypto.h"
#include "os/file.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

namespace forge {

namespace {

constexpr std::uint64_t batch = 1000;

long peak_resident_kib()
{
    std::ifstream file{"/proc/self/status"};
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("VmHWM:"))
            return std::atol(line.c_str() + 6);
    return 0;
}

// From here on the peak is counted anew.
void forget_peak()
{
    std::ofstream{"/proc/self/clear_refs"} << "5";
}

/// Time in which the whole ledger lies in one day.
class BenchEnv : public RealEnv {
public:
    WallTime wall() override { return wall_ += Micros{3}; }
    bool wall_is_synchronised() override { return true; }

private:
    WallTime wall_ = std::chrono::floor<std::chrono::days>(wall_now()) - std::chrono::days{1};
};

/// A ledger by its own engine, with a write-ahead log, tiles and checkpoints.
class BenchLedger {
public:
    explicit BenchLedger(std::string root) : engine_({.root = std::move(root), .origin = "bench.example/log"}, io_, env_) {}

    void append(std::uint64_t lines)
    {
        for (std::uint64_t begin = 0; begin < lines; begin += batch) {
            std::vector<Submission> submissions(1);
            submissions[0].actor = "bench";
            for (std::uint64_t i = 0; i < batch; ++i)
                submissions[0].events.push_back({.id = "bench-" + std::to_string(10'000'000 + count_++), .type = "job.done", .event = event_});
            if (engine_.commit(submissions).at(0).refusal)
                throw Error("the engine refused");
            if (begin % 20'000 == 0)
                engine_.publish();
        }
        engine_.publish();
    }

private:
    RealIo io_;
    BenchEnv env_;
    Engine engine_;
    std::uint64_t count_ = 0;
    const std::string event_ = R"({"filler":")" + std::string(124, 'x') + R"("})";
};

double seconds_of(const auto& work)
{
    const SteadyTime begin = steady_now();
    work();
    return static_cast<double>(std::chrono::duration_cast<Micros>(steady_now() - begin).count()) / 1e6;
}

void print_rate(const char* name, std::uint64_t lines, double seconds, double baseline)
{
    std::printf("%-48s %9.0f lines/s (%.2f of hashing alone)\n", name, static_cast<double>(lines) / seconds, baseline / seconds);
    std::fflush(stdout);
}

void check(const VerifyReport& report, std::uint64_t lines)
{
    if (report.findings.exit_code() != 0 || report.lines != lines)
        throw Error("the verifier found " + std::to_string(report.findings.list().size()) + " flaws in "
                    + std::to_string(report.lines) + " lines");
}

// Reads each line and hashes it, and no more: what any verifier has to do.
std::uint64_t hash_all(const std::string& root)
{
    std::uint64_t lines = 0;
    for (const std::string& name : names_in(root)) {
        if (!name.starts_with("events-"))
            continue;
        ShardReader reader{root + "/" + name};
        for (std::string block = reader.next(); !block.empty(); block = reader.next())
            for (std::size_t at = 0; at < block.size(); ++lines) {
                const std::size_t end = block.find('\n', at);
                (void)leaf_hash(std::string_view{block}.substr(at, end - at));
                at = end + 1;
            }
    }
    return lines;
}

void measure_full(const std::string& root, std::uint64_t lines)
{
    (void)hash_all(root);   // into the page cache
    const double baseline = seconds_of([&] { hash_all(root); });
    print_rate("reading and hashing each line, one thread", lines, baseline, baseline);
    const auto verified = [&](const char* name, Thoroughness thoroughness, unsigned jobs) {
        forget_peak();
        const double seconds = seconds_of([&] { check(verify_ledger({.root = root, .thoroughness = thoroughness, .jobs = jobs}), lines); });
        print_rate(name, lines, seconds, baseline);
        std::printf("    at most %ld kB resident\n", peak_resident_kib());
    };
    verified("full verification, one thread", Thoroughness::full, 1);
    verified("full verification, a thread for each core", Thoroughness::full, std::max(1U, std::thread::hardware_concurrency()));
    verified("hashes, prev and seq only, one thread", Thoroughness::quick, 1);
}

void run(const std::string& folder, std::uint64_t lines)
{
    const std::string root = folder + "/ledger";
    auto ledger = std::make_unique<BenchLedger>(root);
    const double seconds = seconds_of([&] { ledger->append(lines); });
    std::printf("%llu lines appended by the thousand, without the socket: %.0f/s\n", static_cast<unsigned long long>(lines),
                static_cast<double>(lines) / seconds);
    const std::uint64_t all = lines + 1;   // ledger.genesis
    measure_full(root, all);
}

}

}

int main(int argc, char** argv)
try {
    if (argc < 2)
        return 64;
    forge::run(argv[1], argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000);
    return 0;
} catch (const std::exception& error) {
    std::cerr << "verify: " << error.what() << '\n';
    return 1;
}
