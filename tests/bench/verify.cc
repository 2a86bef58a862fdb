// Verifying a large ledger, whole and what was added, beside reading and hashing the same bytes; and archiving it.
// usage: verify FOLDER [LINES]
#include "audit/archive_days.h"
#include "audit/verify_state.h"
#include "base/clock.h"
#include "base/error.h"
#include "ledger/engine.h"
#include "ledger/shard_reader.h"
#include "lib/crypto.h"
#include "os/file.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

namespace forge {

namespace {

constexpr std::uint64_t batch = 1000;
constexpr std::uint64_t added = 1000;

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

/// Time in which the whole ledger lies in one day, and another begins when it is told to.  Both clocks go together: where
/// they part, the engine writes a line about it.
class BenchEnv : public RealEnv {
public:
    WallTime wall() override { return begin_ + (passed_ += Micros{3}); }
    SteadyTime steady() override { return SteadyTime{} + passed_; }
    bool wall_is_synchronised() override { return true; }
    void next_day() { passed_ += std::chrono::days{1}; }

private:
    const WallTime begin_ = std::chrono::floor<std::chrono::days>(wall_now()) - std::chrono::days{1};
    Micros passed_{0};
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
    void next_day()
    {
        env_.next_day();
        append(batch);
    }

private:
    RealIo io_;
    BenchEnv env_;
    Engine engine_;
    std::uint64_t count_ = 0;
    const std::string event_ = R"({"filler":")" + std::string(120, 'x') + R"("})";
};

unsigned cores()
{
    return std::max(1U, std::thread::hardware_concurrency());
}

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
    verified("full verification, a thread for each core", Thoroughness::full, cores());
    verified("hashes, prev and seq only, one thread", Thoroughness::quick, 1);
}

void measure_increment(const std::string& root, BenchLedger& ledger, std::uint64_t lines)
{
    const VerifierFolder folder{root + "-verifier"};
    check(verify_increment({.root = root, .jobs = 2}, folder), lines);
    std::vector<double> millis;
    for (int round = 0; round < 11; ++round) {
        ledger.append(added);
        millis.push_back(1000 * seconds_of([&] { check(verify_increment({.root = root}, folder), added); }));
    }
    std::ranges::sort(millis);
    std::printf("incremental, %llu new lines on %llu: median %.1f ms, worst %.1f ms\n", static_cast<unsigned long long>(added),
                static_cast<unsigned long long>(lines), millis[millis.size() / 2], millis.back());
    std::fflush(stdout);
}

// What the tiles of this many lines take, on all levels.
std::uint64_t tile_bytes_of(const std::string& root)
{
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root + "/tile"))
        if (entry.is_regular_file() && entry.path().parent_path().extension() != ".p")
            bytes += entry.file_size();
    return bytes;
}

void measure_archive(const std::string& root, const std::string& day, std::uint64_t lines)
{
    const std::uint64_t hot = std::filesystem::file_size(root + "/events-" + day + ".jsonl");
    const double seconds = seconds_of([&] { (void)archive_day(open_ledger(root, {}), day, "", {}, cores()); });
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
        if (entry.is_regular_file() && entry.path().string().find(day) != std::string::npos && entry.path().string().ends_with(".zst"))
            bytes = entry.file_size();
    const auto per_line = [&](std::uint64_t all) { return static_cast<double>(all) / static_cast<double>(lines); };
    std::printf("archived: %.1f bytes a line and %.1f of tiles (hot: %.1f), written at %.0f lines/s\n", per_line(bytes),
                per_line(tile_bytes_of(root)), per_line(hot), static_cast<double>(lines) / seconds);
    std::fflush(stdout);
}

void run(const std::string& folder, std::uint64_t lines)
{
    const std::string root = folder + "/ledger", day = utc_day(wall_now() - std::chrono::days{1});
    auto ledger = std::make_unique<BenchLedger>(root);
    const double seconds = seconds_of([&] { ledger->append(lines); });
    std::printf("%llu lines appended by the thousand, without the socket: %.0f/s\n", static_cast<unsigned long long>(lines),
                static_cast<double>(lines) / seconds);
    const std::uint64_t all = lines + 1;   // ledger.genesis
    measure_full(root, all);
    measure_increment(root, *ledger, all);
    ledger->next_day();
    ledger.reset();
    measure_archive(root, day, all + 11 * added);
    const std::uint64_t now = all + 12 * added + 1;   // the seal
    const double archived = seconds_of([&] { check(verify_ledger({.root = root, .patience = Millis{0}}), now + 1); });   // ledger.archived
    std::printf("full verification of the archive, one thread   %9.0f lines/s\n", static_cast<double>(now) / archived);
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
