// F1, F2, F3: each system call of forge-ledgerd that changes something is the last one, or fails.
#include "faults.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <random>
#include <sstream>

#include "base/error.h"
#include "os/file.h"
#include "workload.h"

namespace forge::test {

namespace {

constexpr const char* calls = "openat,mkdir,mkdirat,write,pwrite64,writev,fdatasync,fsync,rename,renameat,unlink,unlinkat,"
                              "rmdir,ftruncate,fallocate,sendmsg,close,chmod,fchmod";
constexpr const char* actions[] = {"signal=KILL", "error=EIO", "error=ENOSPC", "error=EDQUOT"};
constexpr std::size_t cases_of_a_ledger = 100;

struct Case {
    std::string call;
    std::string action;
    int when;
    std::string text() const { return call + ":" + action + ":when=" + std::to_string(when); }
};

// How often each call is made by a start after a kill and a workload.
std::vector<Case> all_cases(const FaultRun& run)
{
    Daemon daemon{run.build, run.folder + "/counted"};
    Workload workload{daemon};
    if (!daemon.start())
        throw Error("forge-ledgerd does not start; see " + run.folder + "/counted/log");
    workload.run();
    daemon.kill();
    const std::string counts = run.folder + "/counts";
    if (!daemon.start({"-f", "-qq", "-c", "-o", counts, "-e", std::string{"trace="} + calls}))
        throw Error("forge-ledgerd does not start under strace");
    workload.run();
    daemon.stop();
    std::vector<Case> cases;
    std::istringstream table{read_file(counts, 1U << 20)};
    for (std::string line; std::getline(table, line);) {
        std::istringstream words{line};
        std::vector<std::string> fields{std::istream_iterator<std::string>{words}, {}};
        if (fields.size() < 5 || fields.back() == "total" || fields.back() == "syscall" || fields[0].starts_with('-'))
            continue;
        for (const char* const action : actions)
            for (int when = 1; when <= std::stoi(fields[3]); ++when)
                cases.push_back({fields.back(), action, when});
    }
    return cases;
}

// After a clean stop everything is covered; after a kill the newest lines may not be.
void verify(const Daemon& daemon, bool was_killed)
{
    const auto [code, said] = daemon.verify();
    if (code != 0 && !(was_killed && code == 5))
        throw Error("forge-ledger-verify says " + std::to_string(code) + ": " + said);
}

void check_one(Daemon& daemon, Workload& workload, const Case& fault, bool is_killed_later)
{
    if (daemon.start({"-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=" + fault.call, "-e", "inject=" + fault.text()}))
        workload.run();
    if (!daemon.stop())
        throw Error("forge-ledgerd does not stop");
    if (!daemon.start())
        throw Error("forge-ledgerd does not start afterwards");
    workload.check();
    workload.ask_again();
    workload.check();
    if (is_killed_later)
        daemon.kill();   // so that the next start has something to recover
    else if (daemon.stop() != 0)
        throw Error("forge-ledgerd does not stop with 0 afterwards");
    verify(daemon, is_killed_later);
}

}

void fail_system_calls(const FaultRun& run)
{
    std::mt19937_64 random{run.seed};
    auto cases = all_cases(run);
    std::ranges::shuffle(cases, random);
    const SteadyTime end = steady_now() + std::chrono::seconds{run.seconds};
    std::size_t done = 0;
    while (done < cases.size() && steady_now() < end) {
        Daemon daemon{run.build, run.folder + "/" + std::to_string(done)};
        Workload workload{daemon};
        for (const std::size_t last = std::min(cases.size(), done + cases_of_a_ledger); done < last && steady_now() < end; ++done) {
            try {
                check_one(daemon, workload, cases[done], random() % 2 == 0);
            } catch (const std::exception& error) {
                throw Error("case " + std::to_string(done) + ", " + cases[done].text() + ": " + error.what());
            }
        }
        std::cout << "# " << done << " of " << cases.size() << " system calls that failed or were the last, " << workload.acked()
                  << " lines acknowledged by the newest ledger" << std::endl;
    }
}

}
