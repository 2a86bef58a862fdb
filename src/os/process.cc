// Child processes: fork, the few calls that are allowed before exec, and reaping by groups.
#include "os/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

namespace forge {

namespace {

std::vector<char*> pointers_to(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    for (std::string& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

// Everything the child needs, made before fork: after it only async-signal-safe calls are allowed.
struct Image {
    const char* program;
    char** arguments;
    char** environment;
    std::array<int, 3> streams;
    int death_signal;
    pid_t parent;
};

[[noreturn]] void fail_in_child(int report) noexcept
{
    const int code = errno;
    static_cast<void>(::write(report, &code, sizeof code));
    ::_exit(127);
}

void become(const Image& image, int report) noexcept
{
    ::setpgid(0, 0);
    if (::prctl(PR_SET_PDEATHSIG, image.death_signal) != 0 || ::getppid() != image.parent)
        fail_in_child(report);
    // First above 2, so that no stream overwrites another that is still to be copied.
    std::array<int, 3> high{};
    for (std::size_t i = 0; i < high.size(); ++i) {
        high[i] = ::fcntl(image.streams[i], F_DUPFD_CLOEXEC, 3);
        if (high[i] < 0)
            fail_in_child(report);
    }
    for (std::size_t i = 0; i < high.size(); ++i)
        if (::dup2(high[i], static_cast<int>(i)) < 0)
            fail_in_child(report);
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    for (int signal = 1; signal < NSIG; ++signal)
        ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execve(image.program, image.arguments, image.environment);
    fail_in_child(report);
}

std::string text_of_end(const siginfo_t& info)
{
    if (info.si_code == CLD_EXITED)
        return "exit code " + std::to_string(info.si_status);
    return "killed by signal " + std::to_string(info.si_status) + " (" + ::strsignal(info.si_status) + ")";
}

// What one waitid gave; the group is killed while the zombie still keeps its number from being used again.
ProcessEnd bury(const siginfo_t& info)
{
    signal_group(info.si_pid, SIGKILL);
    ::waitpid(info.si_pid, nullptr, 0);
    const int code = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    return {info.si_pid, code, text_of_end(info)};
}

}

Variables own_variables()
{
    Variables variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        const auto equal = text.find('=');
        if (equal != std::string::npos)
            variables[text.substr(0, equal)] = text.substr(equal + 1);
    }
    return variables;
}

pid_t start_process(const ProcessStart& start)
{
    std::vector<std::string> arguments = start.arguments;
    std::vector<std::string> environment;
    for (const auto& [name, value] : start.variables)
        environment.push_back(name + "=" + value);
    const std::vector<char*> argument_list = pointers_to(arguments);
    const std::vector<char*> environment_list = pointers_to(environment);

    const Fd nothing = open_file("/dev/null", O_RDWR);
    const auto stream = [&](int fd) { return fd >= 0 ? fd : nothing.get(); };
    std::array<int, 2> pipe_ends{};
    if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0)
        throw errno_error("pipe");
    const Fd failure{pipe_ends[0]};
    Fd report{pipe_ends[1]};
    const Image image{start.program.c_str(), const_cast<char**>(argument_list.data()),
                      const_cast<char**>(environment_list.data()),
                      {stream(start.input), stream(start.output), stream(start.errors)},
                      start.death_signal, ::getpid()};
    const pid_t pid = ::fork();
    if (pid < 0)
        throw errno_error("fork");
    if (pid == 0)
        become(image, report.get());
    report = Fd{};   // closed by exec in the child: then the read below gives nothing
    int code = 0;
    if (::read(failure.get(), &code, sizeof code) == sizeof code) {
        ::waitpid(pid, nullptr, 0);
        errno = code;
        throw errno_error("start " + start.program);
    }
    return pid;
}

std::optional<ProcessEnd> reap_process()
{
    siginfo_t info{};
    if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
        return std::nullopt;
    return bury(info);
}

Fd process_descriptor(pid_t pid)
{
    return Fd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
}

std::uint64_t process_begin(pid_t pid)
try {
    constexpr std::size_t place = 19;   // behind the name, which may contain anything (proc(5), field 22)
    const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat", 4096);
    const auto fields = split(std::string_view{stat}.substr(stat.rfind(')') + 2), ' ');
    return fields.size() > place ? parse_unsigned(fields[place]).value_or(0) : 0;
} catch (const Error&) {
    return 0;
}

void send_signal(const Fd& process, int signal)
{
    if (::syscall(SYS_pidfd_send_signal, process.get(), signal, nullptr, 0) != 0 && errno != ESRCH)
        throw errno_error("send a signal");
}

std::optional<ProcessEnd> wait_for_process(pid_t pid, std::chrono::steady_clock::time_point deadline)
{
    const Fd handle = process_descriptor(pid);
    if (!handle)
        throw errno_error("pidfd_open " + std::to_string(pid));
    const auto left = deadline - std::chrono::steady_clock::now();
    const auto millis = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    pollfd wait{handle.get(), POLLIN, 0};
    if (::poll(&wait, 1, millis > 0 ? static_cast<int>(millis) : 0) != 1)
        return std::nullopt;
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
        throw errno_error("wait for process " + std::to_string(pid));
    return bury(info);
}

void signal_process(pid_t pid, int signal) noexcept
{
    if (pid > 0)
        ::kill(pid, signal);
}

void signal_group(pid_t pid, int signal) noexcept
{
    if (pid > 0)
        ::kill(-pid, signal);
}

std::optional<std::string> find_program(const std::string& name, const std::string& path)
{
    const auto runs = [](const std::string& file) { return ::access(file.c_str(), X_OK) == 0; };
    if (name.find('/') != std::string::npos)
        return runs(name) ? std::optional{name} : std::nullopt;
    for (const std::string_view folder : split(path, ':'))
        if (const std::string file = std::string{folder} + "/" + name; !folder.empty() && runs(file))
            return file;
    return std::nullopt;
}

std::string own_program()
{
    std::array<char, 4096> path{};
    const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
    if (length < 0)
        throw errno_error("readlink /proc/self/exe");
    return {path.data(), static_cast<std::size_t>(length)};
}

}
