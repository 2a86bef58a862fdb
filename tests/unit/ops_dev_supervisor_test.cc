// The supervisor: readiness, restarts, giving up, and the order of stopping, on small scripts.
#include "ops/dev_supervisor.h"

#include "tests/unit/test.h"

#include <csignal>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

using namespace forge;

namespace {

// Perl is in every Debian: what a service does with sd_notify, in the process that is the child.
const std::string say_ready = "use IO::Socket::UNIX; use Socket; $0 = 'child'; $| = 1;"
                              "sub ready { IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $ENV{NOTIFY_SOCKET})->send('READY=1') }";

struct Bench {
    test::ScratchFolder scratch;
    std::vector<std::string> reports;
    std::vector<std::string> happened;
    Supervisor::Plan plan{.children = {},
                          .log_folder = scratch.path(),
                          .notify_socket = scratch / "notify",
                          .drain = Millis{3000},
                          .answers = [] { return true; },
                          .when_ready = [this] { ready(); },
                          .before_stop = [this] { happened.push_back("stop"); },
                          .report = [this](const std::string& line) { report(line); }};
    std::function<void()> ready = [] { std::raise(SIGTERM); };
    std::function<void()> when_reported = [] {};

    void report(const std::string& line)
    {
        reports.push_back(line);
        when_reported();
    }
    ChildPlan& add(const std::string& name, const std::string& script)
    {
        plan.children.push_back({.name = name,
                                 .start = {.program = "/usr/bin/perl",
                                           .arguments = {"perl", "-e", say_ready + script},
                                           .variables = own_variables()}});
        return plan.children.back();
    }
    void run() { Supervisor{plan}.run(); }
    std::string log(const std::string& name) { return read_file(scratch / (name + ".log")); }
};

const std::string well_behaved = "$SIG{TERM} = sub { print 'stopped'; exit }; ready(); sleep 1 while 1;";

}

TEST(a_supervisor_says_ready_once_and_stops_its_children_when_told)
{
    Bench bench;
    int times = 0;
    bench.ready = [&] { ++times; std::raise(SIGTERM); };
    bench.add("one", well_behaved);
    bench.add("two", well_behaved);
    bench.run();
    CHECK_EQUAL(1, times);
    CHECK_EQUAL("stopped"s, bench.log("one"));
    CHECK_EQUAL("stopped"s, bench.log("two"));
    CHECK(bench.reports.empty());
}

TEST(a_child_that_was_ready_is_started_again_any_number_of_times)
{
    Bench bench;
    bench.ready = [] {};
    bench.when_reported = [&] { if (bench.reports.size() == 20) std::raise(SIGTERM); };
    bench.add("mortal", "ready(); kill 'KILL', $$;");
    const SteadyTime begin = steady_now();
    bench.run();
    CHECK(bench.reports.size() >= 20);
    CHECK_EQUAL("mortal ended (killed by signal 9 (Killed)), starting it again"s, bench.reports.front());
    CHECK(steady_now() - begin < std::chrono::seconds{20});
}

TEST(a_child_that_never_becomes_ready_is_given_up_with_its_last_words)
{
    Bench bench;
    bench.add("broken", "print STDERR \"no such thing\\n\"; exit 1;");
    try {
        bench.run();
        CHECK(false);
    } catch (const Error& error) {
        CHECK_EQUAL("broken does not start: exit code 1: no such thing (" + bench.scratch.path() + "/broken.log)",
                    std::string{error.what()});
    }
    CHECK_EQUAL(std::size_t{5}, split(bench.log("broken"), '\n').size() - 1);
}

TEST(a_child_that_says_nothing_and_ends_before_the_system_answers_is_given_up_too)
{
    Bench bench;
    bench.plan.answers = [] { return false; };
    bench.add("one", well_behaved);
    bench.add("silent", "exit 0;").notifies = false;
    replace_file(bench.scratch / "silent.log", "words of an earlier life\n");
    try {
        bench.run();
        CHECK(false);
    } catch (const ConfigError& error) {
        CHECK_EQUAL("silent does not start: exit code 0 (" + bench.scratch.path() + "/silent.log)", std::string{error.what()});
    }
    CHECK(bench.reports.empty());
}

TEST(a_child_whose_settings_are_wrong_is_not_tried_again)
{
    Bench bench;
    bench.add("misled", "print STDERR \"FORGE_X: not a number\\n\"; exit 78;");
    CHECK_THROWS(ConfigError, bench.run());
    CHECK_EQUAL("FORGE_X: not a number\n"s, bench.log("misled"));
}

TEST(ready_counts_only_from_the_child_itself)
{
    Bench bench;
    bench.add("liar", "if (my $pid = fork) { waitpid $pid, 0; exit 3 } ready();");
    CHECK_THROWS(Error, bench.run());
}

TEST(the_front_stops_first_and_the_back_last)
{
    Bench bench;
    const std::string order = "open my $f, '>>', '" + (bench.scratch / "order") + "'; $f->autoflush(1);";
    const auto script = [&](const std::string& name) {
        return order + "$SIG{TERM} = sub { print $f '" + name + " '; exit }; ready(); sleep 1 while 1;";
    };
    bench.add("ledger", script("back")).stage = StopStage::back;
    bench.add("worker", script("middle")).stage = StopStage::middle;
    bench.add("web", script("front")).stage = StopStage::front;
    bench.run();
    CHECK_EQUAL("front middle back "s, read_file(bench.scratch / "order"));
    CHECK_EQUAL("stop"s, bench.happened.at(0));
}

TEST(a_child_that_does_not_stop_is_killed_after_its_time)
{
    Bench bench;
    bench.plan.drain = Millis{300};
    bench.add("deaf", "$SIG{TERM} = 'IGNORE'; ready(); sleep 1 while 1;");
    const SteadyTime begin = steady_now();
    bench.run();
    CHECK(steady_now() - begin < std::chrono::seconds{10});
}
