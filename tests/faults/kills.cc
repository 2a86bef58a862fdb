// F10: forge-ledgerd and its writers are killed at random; what was acknowledged is there, once, in order.
#include "faults.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <random>
#include <sstream>

#include "base/error.h"
#include "daemon.h"
#include "os/file.h"

namespace forge::test {

namespace {

constexpr std::chrono::seconds round_time{15};

// A writer process: one event after the other, each acknowledged one noted in a file.
class Writer {
public:
    Writer(const Daemon& daemon, std::string name, std::string notes) : name_(std::move(name)), notes_(std::move(notes))
    {
        pid_ = ::fork();
        if (pid_ < 0)
            throw errno_error("fork");
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
            ::_exit(write(daemon.socket()));
        }
    }
    void kill()
    {
        if (pid_ == 0)
            return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, &status_, 0);
        pid_ = 0;
    }
    bool has_failed() const { return WIFEXITED(status_); }   // it never ends by itself but for that

    /// What the log has must be what was acknowledged, in order, and at most one event more.
    void check(const std::map<std::string, Acked>& lines) const
    {
        std::istringstream noted{exists(notes_) ? read_file(notes_, 1U << 30) : std::string{}};
        std::uint64_t count = 0;
        std::uint64_t last = 0;
        for (Acked ack{}; noted >> ack.seq >> ack.leaf; ++count) {
            const auto found = lines.find(id(count));
            if (found == lines.end())
                throw Error(id(count) + " was acknowledged as line " + std::to_string(ack.seq) + " and is lost");
            if (found->second.seq != ack.seq || found->second.leaf != ack.leaf)
                throw Error(id(count) + " was acknowledged as line " + std::to_string(ack.seq) + ", it is line " + std::to_string(found->second.seq));
            if (count > 0 && ack.seq <= last)
                throw Error(id(count) + " stands before the one before it");
            last = ack.seq;
        }
        if (lines.contains(id(count + 1)))
            throw Error(id(count + 1) + " was never asked for");
    }

private:
    std::string id(std::uint64_t count) const { return name_ + "." + std::to_string(count); }

    int write(const std::string& socket) const
    try {
        std::mt19937_64 random{std::hash<std::string>{}(name_)};
        LedgerClient client{socket, Millis{60'000}};
        const Fd notes = open_file(notes_, O_CREAT | O_WRONLY | O_APPEND, 0600);
        for (std::uint64_t count = 0;; ++count) {
            const LedgerReply reply = client.append({id(count), "job.fault", R"({"filler":")" + std::string(random() % 400, 'x') + "\"}"});
            if (!reply.ok)
                throw Error(id(count) + ": " + reply.error + ": " + reply.detail);
            write_all(notes.get(), std::to_string(reply.seq) + " " + reply.leaf + "\n", notes_);
            ::poll(nullptr, 0, static_cast<int>(random() % 8));
        }
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        return 1;
    }

    const std::string name_;
    const std::string notes_;
    pid_t pid_ = 0;
    int status_ = 0;
};

struct Kills {
    std::uint64_t daemons = 0;
    std::uint64_t writers = 0;
    std::uint64_t lines = 0;
};

// One ledger, until the round's time is over.
void play_round(const FaultRun& run, const std::string& folder, std::mt19937_64& random, SteadyTime end, Kills& kills)
{
    Daemon daemon{run.build, folder};
    if (!daemon.start())
        throw Error("forge-ledgerd does not start; see " + folder + "/log");
    std::vector<Writer> all;
    std::vector<std::size_t> working;
    const auto hire = [&] {
        const std::string name = "w" + std::to_string(all.size());
        working.push_back(all.size());
        all.emplace_back(daemon, name, folder + "/" + name);
    };
    for (std::uint64_t i = 0, count = 1ULL << random() % 6; i < count; ++i)
        hire();
    while (steady_now() < end) {
        ::poll(nullptr, 0, static_cast<int>(5 + random() % 120));
        if (random() % 2) {
            std::swap(working[random() % working.size()], working.back());
            all[working.back()].kill();
            working.pop_back();
            hire();
            ++kills.writers;
        }
        daemon.kill();
        ++kills.daemons;
        if (!daemon.start())
            throw Error("forge-ledgerd does not start after a kill; see " + folder + "/log");
    }
    for (Writer& writer : all)
        writer.kill();
    if (daemon.stop() != 0)
        throw Error("forge-ledgerd does not stop with 0");
    const auto lines = lines_of(daemon.root());
    kills.lines += lines.size();
    for (const Writer& writer : all) {
        if (writer.has_failed())
            throw Error("a writer was refused, see above");
        writer.check(lines);
    }
    if (const auto [code, said] = daemon.verify(); code != 0)
        throw Error("forge-ledger-verify says " + std::to_string(code) + ": " + said);
}

}

void kill_at_random(const FaultRun& run)
{
    std::mt19937_64 random{run.seed};
    const SteadyTime end = steady_now() + std::chrono::seconds{run.seconds};
    Kills kills;
    for (int round = 0; steady_now() < end; ++round) {
        const std::string folder = run.folder + "/" + std::to_string(round);
        play_round(run, folder, random, std::min(end, steady_now() + round_time), kills);
        std::filesystem::remove_all(folder);
        std::cout << "# " << kills.daemons << " kills of forge-ledgerd, " << kills.writers << " of writers, " << kills.lines
                  << " lines: nothing lost, nothing twice, each writer's in order" << std::endl;
    }
}

}
