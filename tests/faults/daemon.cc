// A forge-ledgerd of its own for the fault tests.
#include "daemon.h"

#include <fcntl.h>
#include <poll.h>

#include "base/error.h"
#include "ledger/entry.h"
#include "os/file.h"
#include "tlog/merkle.h"

namespace forge::test {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t largest_file = 1U << 30;

void pause(Millis time)
{
    ::poll(nullptr, 0, static_cast<int>(time.count()));
}

}

Daemon::Daemon(std::string build, std::string folder) : build_(std::move(build)), folder_(std::move(folder))
{
    make_folders(folder_ + "/run");
}

pid_t Daemon::run(const std::string& program, std::vector<std::string> arguments, int output) const
{
    Variables variables = own_variables();
    variables["VMESH_LEDGER_ROOT"] = root();
    variables["FORGE_STATE_DIR"] = folder_;
    variables["FORGE_RUNTIME_DIR"] = folder_ + "/run";
    variables["FORGE_LEDGER_ORIGIN"] = "faults.example/log";
    arguments.insert(arguments.begin(), program);
    return start_process({.program = program, .arguments = std::move(arguments), .variables = std::move(variables),
                          .output = output, .errors = output});
}

bool Daemon::start(const std::vector<std::string>& strace)
{
    std::vector<std::string> words = strace;
    const std::string ledgerd = build_ + "/forge-ledgerd";
    if (!strace.empty())
        words.push_back(ledgerd);
    for (const std::string& word : {std::string{"--socket"}, socket(), std::string{"--dir"}, folder_})
        words.push_back(word);
    const Fd log = open_file(folder_ + "/log", O_CREAT | O_WRONLY | O_APPEND, 0600);
    pid_ = run(strace.empty() ? ledgerd : find_program("strace", own_variables()["PATH"]).value(), std::move(words), log.get());
    for (const SteadyTime end = steady_now() + 30s; steady_now() < end && is_running(); pause(2ms)) {
        try {
            return LedgerClient{socket(), Millis{30'000}}.call(encode_head()).ok;
        } catch (const LedgerUnavailable&) {
            // Not yet, or never.
        }
    }
    return false;
}

bool Daemon::is_running()
{
    if (pid_ && wait_for_process(*pid_, steady_now()))
        pid_.reset();
    return pid_.has_value();
}

std::optional<int> Daemon::stop()
{
    if (!pid_)
        return 0;
    signal_group(*pid_, SIGTERM);
    const auto end = wait_for_process(*pid_, steady_now() + 30s);
    if (!end)
        kill();
    pid_.reset();
    return end ? std::optional{end->code} : std::nullopt;
}

void Daemon::kill()
{
    if (!pid_)
        return;
    signal_group(*pid_, SIGKILL);
    wait_for_process(*pid_, steady_now() + 30s);
    pid_.reset();
}

std::pair<int, std::string> Daemon::verify(std::vector<std::string> options) const
{
    options.insert(options.end(), {"--root", root()});
    const std::string said = folder_ + "/verify.out";
    const Fd output = open_file(said, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    const pid_t pid = run(build_ + "/forge-ledger-verify", std::move(options), output.get());
    const auto end = wait_for_process(pid, steady_now() + 300s);
    return {end ? end->code : -1, read_file(said, largest_file)};
}

std::map<std::string, Acked> lines_of(const std::string& root)
{
    std::map<std::string, Acked> lines;
    std::string prev(64, '0');
    std::uint64_t seq = 0;
    for (const std::string& name : names_in(root)) {
        if (!name.starts_with("events-"))
            continue;
        const std::string text = read_file(root + "/" + name, largest_file);
        std::size_t begin = 0;
        for (auto end = text.find('\n'); end != text.npos; begin = end + 1, end = text.find('\n', begin)) {
            const std::string_view line = std::string_view{text}.substr(begin, end - begin);
            const auto entry = parse_entry(line);
            if (!entry || entry->seq != seq || entry->prev != prev)
                throw Error(name + ": line " + std::to_string(seq) + " does not follow: " + std::string{line});
            prev = hex(leaf_hash(line));
            if (!lines.emplace(entry->id, Acked{seq, prev}).second)
                throw Error(name + ": id twice: " + std::string{line});
            ++seq;
        }
    }
    return lines;
}

}
