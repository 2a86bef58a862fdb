// Child processes: streams, environment, failures, and that nothing of a group is left.
#include "os/process.h"

#include "tests/unit/test.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "os/file.h"

using namespace forge;

namespace {

const auto soon = [] { return std::chrono::steady_clock::now() + std::chrono::seconds{20}; };

ProcessStart shell(const std::string& script)
{
    return {.program = "/bin/sh", .arguments = {"sh", "-c", script}, .variables = {{"PATH", "/usr/bin:/bin"}}};
}

std::string output_of(ProcessStart start, const std::string& path)
{
    const Fd out = open_file(path, O_CREAT | O_TRUNC | O_RDWR, 0600);
    start.output = out.get();
    CHECK(wait_for_process(start_process(start), soon()).has_value());
    return read_file(path);
}

}

TEST(a_process_gets_its_arguments_and_its_environment_and_nothing_else)
{
    const test::ScratchFolder scratch;
    ProcessStart start = shell("echo \"$0 $1\"; env | grep -v -e ^PWD -e ^_ -e ^SHLVL -e ^OLDPWD; ls /proc/self/fd");
    start.arguments.insert(start.arguments.end(), {"name", "with blank"});
    start.variables["WORD"] = "a b";
    CHECK_EQUAL("name with blank\nPATH=/usr/bin:/bin\nWORD=a b\n0\n1\n2\n3\n"s, output_of(start, scratch / "out"));
}

TEST(a_process_reads_the_descriptor_it_is_given)
{
    const test::ScratchFolder scratch;
    replace_file(scratch / "in", "given");
    const Fd in = open_file(scratch / "in", O_RDONLY);
    ProcessStart start = shell("cat");
    start.input = in.get();
    CHECK_EQUAL("given"s, output_of(start, scratch / "out"));
}

TEST(the_end_of_a_process_says_how)
{
    const auto exited = wait_for_process(start_process(shell("exit 78")), soon());
    CHECK_EQUAL("exit code 78"s, exited.value().text);
    CHECK_EQUAL(78, exited->code);
    const auto killed = wait_for_process(start_process(shell("kill -9 $$")), soon());
    CHECK_EQUAL("killed by signal 9 (Killed)"s, killed.value().text);
    CHECK_EQUAL(137, killed->code);
}

TEST(a_process_that_does_not_end_is_waited_for_until_the_deadline_only)
{
    const pid_t pid = start_process(shell("exec sleep 60"));
    CHECK(!wait_for_process(pid, std::chrono::steady_clock::now()).has_value());
    signal_process(pid, SIGTERM);
    CHECK_EQUAL(128 + SIGTERM, wait_for_process(pid, soon()).value().code);
}

TEST(what_a_process_started_is_killed_when_it_is_reaped)
{
    int ends[2];
    CHECK_EQUAL(0, ::pipe2(ends, O_CLOEXEC));
    const Fd read_end{ends[0]};
    Fd write_end{ends[1]};
    ProcessStart start = shell("echo started; sleep 600 &");   // the sleeper keeps the pipe open as long as it lives
    start.output = write_end.get();
    const pid_t pid = start_process(start);
    write_end = Fd{};
    CHECK(wait_for_process(pid, soon()).has_value());
    CHECK_EQUAL("started\n"s, read_rest(read_end.get(), "pipe"));
}

TEST(a_program_that_cannot_be_executed_is_named)
{
    try {
        start_process({.program = "/nonexistent/program", .arguments = {"program"}, .variables = {}});
        CHECK(false);
    } catch (const SystemError& error) {
        CHECK_EQUAL("start /nonexistent/program: No such file or directory"s, std::string{error.what()});
    }
}

TEST(a_program_is_found_on_a_path_or_not_at_all)
{
    CHECK_EQUAL("/bin/sh"s, find_program("sh", "/nonexistent::/bin").value());
    CHECK(!find_program("no-such-program", "/usr/bin:/bin"));
    CHECK(!find_program("/etc/passwd", "/bin"));
    CHECK(own_program().ends_with("/unit-tests"));
}
