// What the ledger's tools share: where the ledger is, help, exit codes, a line that shows progress.
#pragma once

#include "base/clock.h"
#include "base/options.h"

#include <cstdint>
#include <optional>
#include <string>

namespace forge {

/// The exit codes of every tool of the ledger; forge-ledger-verify(8) says when.
enum ToolExit : int { exit_ok = 0, exit_wrong_usage = 1, exit_damaged = 2, exit_outside = 4, exit_incomplete = 5 };

/// For a tool's table.
constexpr Option root_option{"--root", "DIR", "the ledger's folder; default: $VMESH_LEDGER_ROOT"};
constexpr Option vkey_option{"--vkey", "KEY", "the log's key as you keep it: the text, or a file that holds it"};
constexpr Option socket_option{"--socket", "PATH", "where forge-ledgerd listens; default: $FORGE_LEDGER_SOCKET, or what the folder says"};
constexpr Option json_option{"--json", "", "the result as one JSON object"};
constexpr Option help_option{"--help", "", "show this"};

/// Runs a program of one command: --help, wrong usage and errors are answered here; gives the exit code.
int run_tool(const std::string& name, const Command& command, int argc, char** argv);

/// --root or $VMESH_LEDGER_ROOT; throws UsageError where there is neither.
std::string ledger_root(const Arguments& arguments);
/// --socket or $FORGE_LEDGER_SOCKET or the installed one.
std::string ledger_socket(const Arguments& arguments);
/// --vkey, a text or a file, else /etc/vaultmesh-forge/log.vkey where there is one.
std::optional<std::string> pinned_key(const Arguments& arguments);

std::string mebibytes(std::uint64_t bytes);

/// One line that is written over, after a second, on a terminal only.
class ProgressLine {
public:
    /// "checking", "copying"
    explicit ProgressLine(std::string doing) : doing_(std::move(doing)) {}
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    void show(std::uint64_t bytes, std::uint64_t bytes_total);

private:
    const std::string doing_;
    SteadyTime next_ = steady_now() + Millis{1000};
    bool shown_ = false;
};

}
