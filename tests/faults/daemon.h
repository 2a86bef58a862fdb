// A forge-ledgerd of its own for the fault tests: in a scratch folder, started directly, killed at will.
#pragma once

#include "ledger/client.h"
#include "os/process.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace forge::test {

struct Acked {
    std::uint64_t seq;
    std::string leaf;   // hex
};

class Daemon {
public:
    /// `build` has the programs; `folder` is empty.
    Daemon(std::string build, std::string folder);
    ~Daemon() { kill(); }
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    /// Starts it, under strace with these options where there are any; true when it answers.
    bool start(const std::vector<std::string>& strace = {});
    bool is_running();
    /// How it ended, after SIGTERM or by itself; nothing when it does not within half a minute (it is killed then).
    std::optional<int> stop();
    void kill();

    std::string socket() const { return folder_ + "/socket"; }
    std::string root() const { return folder_ + "/ledger"; }
    /// The exit code of forge-ledger-verify, with more options where there are any, and what it said.
    std::pair<int, std::string> verify(std::vector<std::string> options = {}) const;

private:
    pid_t run(const std::string& program, std::vector<std::string> arguments, int output) const;

    const std::string build_;
    const std::string folder_;
    std::optional<pid_t> pid_;
};

/// What stands in the shards now: whole lines, in order; by id.  Throws Error when they do not follow each other.
std::map<std::string, Acked> lines_of(const std::string& root);

}
