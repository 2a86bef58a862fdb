// Child processes: started with given arguments, environment and descriptors; reaped with everything they left behind.
#pragma once

#include "os/fd.h"

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace forge {

/// Environment variables.
using Variables = std::map<std::string, std::string>;

/// Those of this process.
Variables own_variables();

struct ProcessStart {
    std::string program;                 // a path; not looked for on PATH
    std::vector<std::string> arguments;  // argv, the name included
    Variables variables;
    int input = -1;                      // becomes descriptor 0, 1, 2; -1: /dev/null
    int output = -1;
    int errors = -1;
    int death_signal = SIGKILL;          // what the child gets when its parent dies
};

/// Starts a process in its own process group with no signal blocked and no other descriptor.  To be called from a
/// thread that lives as long as the child shall.  Throws SystemError "start PROGRAM: …" when it cannot be executed.
pid_t start_process(const ProcessStart& start);

/// How a process ended.
struct ProcessEnd {
    pid_t pid = 0;
    int code = 0;          // exit code, or 128 + signal
    std::string text;      // "exit code 1", "killed by signal 9 (Killed)"
};

/// The next child that has ended, if any; what is left of its process group is killed with it.  Never waits.
std::optional<ProcessEnd> reap_process();
/// Waits until `pid` has ended; nothing when it has not by `deadline`.
std::optional<ProcessEnd> wait_for_process(pid_t pid, std::chrono::steady_clock::time_point deadline);

/// A descriptor of a process that lives: readable once it has ended, and never one of a later process of that number.
/// Empty when there is none.
Fd process_descriptor(pid_t pid);
/// When a process began, in ticks since the boot: with its number it is like no other.  0 when there is none.
std::uint64_t process_begin(pid_t pid);
/// Throws SystemError when that is not allowed; an ended one is no error.
void send_signal(const Fd& process, int signal);

/// Sends a signal to a process, or to its group; an ended one is no error.
void signal_process(pid_t pid, int signal) noexcept;
void signal_group(pid_t pid, int signal) noexcept;

/// The path of a program: `name` itself when it has a slash, else the first executable file on `path` ("a:b:c").
std::optional<std::string> find_program(const std::string& name, const std::string& path);
/// The path of the program that runs.
std::string own_program();

}
