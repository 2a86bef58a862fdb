// F13: a verification beside writers at full speed gives no false alarm.
#include "faults.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iostream>
#include <random>
#include <thread>

#include "base/error.h"
#include "daemon.h"

namespace forge::test {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t most_lines = 600'000;   // of one ledger: then a new one, so that neither disk nor round grows on
constexpr std::chrono::seconds round_time{60};
constexpr std::uint64_t values_every = 16;       // lines has private ones: a full packet takes 16 beside it

// Threads that append without a pause: each one event after the other, or packets of them.
class Writers {
public:
    Writers(const std::string& socket, std::mt19937_64& random)
    {
        for (std::uint64_t i = 0, count = 1ULL << random() % 5; i < count; ++i)
            threads_.emplace_back([this, socket, i, packet = random() % 3 ? 1U : 1U + random() % 250](const std::stop_token& stop) {
                write(stop, socket, "w" + std::to_string(i), packet);
            });
    }
    std::uint64_t lines() const { return lines_; }
    bool has_failed() const { return has_failed_; }

private:
    static LedgerEvent event(const std::string& id, std::uint64_t count)
    {
        LedgerEvent event{id, "job.fault", R"({"filler":")" + std::string(count % 300, 'x') + "\"}"};
        if (count % values_every == 0) {
            event.priv.push_back({"sub", "\"somebody\""});
            event.subject = Subject{"https://issuer.example", "somebody"};
        }
        return event;
    }

    void write(const std::stop_token& stop, const std::string& socket, const std::string& name, std::uint64_t packet)
    try {
        LedgerClient client{socket, Millis{60'000}};
        for (std::uint64_t count = 0; !stop.stop_requested() && lines_ < most_lines;) {
            std::vector<LedgerEvent> events;
            for (std::uint64_t i = 0; i < packet; ++i, ++count)
                events.push_back(event(name + "." + std::to_string(count), count));
            const auto reply = client.call(packet == 1 ? encode_append(events[0], Want::leaf) : encode_appendv(events, Want::leaf));
            if (!reply.ok)
                throw Error(name + ": " + reply.error + ": " + reply.detail);
            lines_ += packet;
        }
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        has_failed_ = true;
    }

    std::atomic<std::uint64_t> lines_ = 0;
    std::atomic<bool> has_failed_ = false;
    std::vector<std::jthread> threads_;
};

struct Verified {
    std::uint64_t full = 0;
    std::uint64_t increments = 0;
    std::uint64_t lines = 0;
};

void must_be_clean(const Daemon& daemon, const std::vector<std::string>& options)
{
    if (const auto [code, said] = daemon.verify(options); code != 0)
        throw Error("a false alarm: forge-ledger-verify says " + std::to_string(code) + ": " + said);
}

void play_round(const FaultRun& run, const std::string& folder, std::mt19937_64& random, SteadyTime end, Verified& done)
{
    Daemon daemon{run.build, folder};
    if (!daemon.start())
        throw Error("forge-ledgerd does not start; see " + folder + "/log");
    {
        Writers writers{daemon.socket(), random};
        while (steady_now() < end && writers.lines() < most_lines) {
            must_be_clean(daemon, {"-j", std::to_string(1 + random() % 2)});
            ++done.full;
            for (std::uint64_t i = 0; i < 5; ++i, ++done.increments)
                must_be_clean(daemon, {"--incremental", "--state", folder + "/state-of-verifier"});
        }
        done.lines += writers.lines();
        if (writers.has_failed())
            throw Error("a writer was refused, see above");
    }
    must_be_clean(daemon, {});
    if (daemon.stop() != 0)
        throw Error("forge-ledgerd does not stop with 0");
}

}

void verify_beside_writers(const FaultRun& run)
{
    std::mt19937_64 random{run.seed};
    const SteadyTime end = steady_now() + std::chrono::seconds{run.seconds};
    Verified done;
    for (int round = 0; steady_now() < end; ++round) {
        const std::string folder = run.folder + "/" + std::to_string(round);
        play_round(run, folder, random, std::min(end, steady_now() + round_time), done);
        std::filesystem::remove_all(folder);
        std::cout << "# " << done.full << " full and " << done.increments << " incremental verifications beside writers of "
                  << done.lines << " lines: no false alarm" << std::endl;
    }
}

}
