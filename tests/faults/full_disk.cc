// F3: a real disk becomes full, in steps of 4 KiB.
#include "faults.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <random>

#include "base/error.h"
#include "os/file.h"
#include "workload.h"

namespace forge::test {

namespace {

constexpr std::uint64_t step = 4096;
constexpr std::uint64_t steps = 512;         // of free space, up to 2 MiB
constexpr int appends = 40;                  // with each
constexpr std::uint64_t enough = 6U << 20;   // of room for another place

std::uint64_t free_on(const std::string& folder)
{
    struct statvfs status {};
    if (::statvfs(folder.c_str(), &status) != 0)
        throw errno_error("statvfs " + folder);
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

// Leaves `rest` bytes.
void fill(const std::string& folder, std::uint64_t rest)
{
    const std::uint64_t free = free_on(folder);
    const Fd file = open_file(folder + "/fill", O_CREAT | O_WRONLY, 0600);
    if (free > rest && ::posix_fallocate(file.get(), 0, static_cast<off_t>(free - rest)) != 0)
        throw Error("fill " + folder);
}

void check_one(const std::string& folder, Daemon& daemon, Workload& workload, std::uint64_t rest, std::mt19937_64& random)
{
    fill(folder, rest);
    for (int i = 0; i < appends && workload.append(random() % 3 ? 300 : 30'000).empty(); ++i) {}
    if (random() % 4 == 0) {   // a start on a full disk may not come to an end; nothing is lost by that
        daemon.kill();
        daemon.start();
    }
    if (const auto [code, said] = daemon.verify(); code != 0 && code != 5)
        throw Error("on the full disk forge-ledger-verify says " + std::to_string(code) + ": " + said);
    std::filesystem::remove(folder + "/fill");
    if (!daemon.is_running() && !daemon.start())
        throw Error("forge-ledgerd does not start with room again");
    const SteadyTime end = steady_now() + std::chrono::seconds{20};
    while (!workload.append(10).empty()) {
        if (steady_now() > end || !daemon.is_running())
            throw Error("it does not go on with room again");
        ::poll(nullptr, 0, 20);
    }
    LedgerClient{daemon.socket(), Millis{20'000}}.call(encode_seal());
    if (const auto [code, said] = daemon.verify(); code != 0)
        throw Error("forge-ledger-verify says " + std::to_string(code) + ": " + said);
    workload.check();
    workload.ask_again();
}

}

void fill_disk(const FaultRun& run)
{
    std::mt19937_64 random{run.seed};
    const SteadyTime end = steady_now() + std::chrono::seconds{run.seconds};
    std::uint64_t done = 0;
    std::vector<std::uint64_t> rests(steps);
    for (std::uint64_t i = 0; i < steps; ++i)
        rests[i] = i * step;
    std::shuffle(rests.begin(), rests.end(), random);
    while (done < steps && steady_now() < end) {
        const std::string folder = run.folder + "/" + std::to_string(done);
        {
            Daemon daemon{run.build, folder};
            Workload workload{daemon};
            if (!daemon.start())
                throw Error("forge-ledgerd does not start; see " + folder + "/log");
            for (; free_on(run.folder) > enough && done < steps && steady_now() < end; ++done) {
                try {
                    check_one(run.folder, daemon, workload, rests[done], random);
                } catch (const std::exception& error) {
                    throw Error("with " + std::to_string(rests[done]) + " bytes free: " + error.what());
                }
            }
        }
        std::filesystem::remove_all(folder);
        std::cout << "# full at " << done << " of " << steps << " places: what was refused is nowhere, and it went on by itself" << std::endl;
    }
}

}
