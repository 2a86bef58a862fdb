// What the ledger's tools share.
#include "audit/tool.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <span>
#include <sstream>

#include "audit/tool_failure.h"
#include "base/log.h"
#include "base/text.h"
#include "ledger/open_ledger.h"
#include "ledger/refusal.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr const char* pinned_key_file = "/etc/vaultmesh-forge/log.vkey";
constexpr const char* installed_socket = "/run/vaultmesh-forge/ledger.sock";

std::string given_or_environment(const Arguments& arguments, std::string_view option, const char* variable)
{
    const char* const set = std::getenv(variable);
    return arguments.value(option, set ? set : "");
}

std::string percent(std::uint64_t part, std::uint64_t whole)
{
    return std::to_string(whole == 0 ? 100 : std::min<std::uint64_t>(100, part * 100 / whole)) + " %";
}

// What went wrong, for people, and as JSON where that was asked for.
int failed(const std::string& name, const Command& command, std::span<char*> words, int code, const std::string& message)
{
    std::cerr << name << ": " << message << '\n';
    if (wants_json(std::vector<std::string>{words.begin(), words.end()})
        && std::ranges::find(command.options, json_option.name, &Option::name) != command.options.end())
        print_failure(code, message);
    return code;
}

}

int run_tool(const std::string& name, const Command& command, int argc, char** argv)
try {
    name_log(name);
    const Arguments arguments{command.options, std::vector<std::string>{argv + 1, argv + argc}};
    if (arguments.has("--help")) {
        std::cout << help_of(name, command);
        return exit_ok;
    }
    return command.run(arguments);
} catch (const LedgerRolledBack& error) {
    return failed(name, command, {argv + 1, argv + argc}, exit_outside, error.what());
} catch (const std::exception& error) {
    return failed(name, command, {argv + 1, argv + argc}, exit_wrong_usage, describe(error));
}

std::string ledger_root(const Arguments& arguments)
{
    std::string root = given_or_environment(arguments, "--root", "VMESH_LEDGER_ROOT");
    if (root.empty())
        throw UsageError("no ledger: give --root DIR or set VMESH_LEDGER_ROOT");
    return root;
}

std::string ledger_socket(const Arguments& arguments)
{
    const std::string socket = given_or_environment(arguments, "--socket", "FORGE_LEDGER_SOCKET");
    if (!socket.empty())
        return socket;
    const std::string note = socket_note(ledger_root(arguments));
    return ::access(note.c_str(), R_OK) == 0 ? std::string{trim(read_file(note, 4096))} : installed_socket;
}

std::optional<std::string> pinned_key(const Arguments& arguments)
{
    const std::string given = arguments.value("--vkey");
    const std::string file = given.empty() ? pinned_key_file : given;
    if (!given.empty() && given.find('+') != given.npos)
        return given;
    if (given.empty() && !exists(file))
        return std::nullopt;
    return std::string{trim(read_file(file, 4096))};
}

std::string mebibytes(std::uint64_t bytes)
{
    std::ostringstream out;
    out << std::fixed << std::setprecision(1) << static_cast<double>(bytes) / (1 << 20) << " MiB";
    return out.str();
}

ProgressLine::~ProgressLine()
{
    if (shown_)
        std::cerr << "\r\x1b[K" << std::flush;
}

void ProgressLine::show(std::uint64_t bytes, std::uint64_t bytes_total)
{
    const SteadyTime now = steady_now();
    if (now < next_ || ::isatty(STDERR_FILENO) != 1)
        return;
    next_ = now + Millis{200};
    shown_ = true;
    std::cerr << '\r' << doing_ << ' ' << mebibytes(bytes) << " of " << mebibytes(bytes_total) << ", "
              << percent(bytes, bytes_total) << "\x1b[K" << std::flush;
}

}
