// Breakers: opened by failures in a row, tried by one probe at a time, shared by processes.
#include "llm/breaker.h"

#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/test.h"

using namespace forge;
using namespace std::chrono_literals;
using Verdict = Breakers::Verdict;

namespace {

constexpr BreakerLimits three{.failures = 3, .rest = 10s, .longest_rest = 60s, .probe = 5s};

struct Fixture {
    Verdict admitted() { return breakers.admit("a", now).verdict; }
    void fail(int times)
    {
        for (int i = 0; i < times; ++i)
            breakers.failed("a", Verdict::closed, now);
    }
    /// Opens it and waits until it may be probed.
    void rest()
    {
        fail(3);
        now += 10s;
    }

    test::ScratchFolder folder;
    Breakers breakers{folder / "breakers", three};
    SteadyTime now{1h};
};

/// What a process of its own finds.
Verdict admitted_elsewhere(const std::string& path, SteadyTime now)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(static_cast<int>(Breakers{path, three}.admit("a", now).verdict));
    int status = 0;
    ::waitpid(child, &status, 0);
    return static_cast<Verdict>(WEXITSTATUS(status));
}

}

TEST(a_breaker_opens_after_failures_in_a_row)
{
    Fixture fixture;
    fixture.fail(2);
    CHECK(fixture.admitted() == Verdict::closed);
    fixture.breakers.succeeded("a", Verdict::closed);
    fixture.fail(2);
    CHECK(fixture.admitted() == Verdict::closed);
    CHECK(!fixture.breakers.is_open("a"));
    fixture.fail(1);
    const auto admission = fixture.breakers.admit("a", fixture.now + 4s);
    CHECK(admission.verdict == Verdict::open);
    CHECK(admission.rest == 6s);
    CHECK(fixture.breakers.is_open("a"));
    CHECK(fixture.breakers.admit("b", fixture.now).verdict == Verdict::closed);
}

TEST(one_probe_at_a_time_is_let_through)
{
    Fixture fixture;
    fixture.rest();
    CHECK(fixture.admitted() == Verdict::probe);
    CHECK(fixture.admitted() == Verdict::open);
    fixture.breakers.succeeded("a", Verdict::probe);
    CHECK(fixture.admitted() == Verdict::closed);
    fixture.fail(2);
    CHECK(fixture.admitted() == Verdict::closed);
}

TEST(a_probe_that_fails_rests_it_twice_as_long_up_to_a_bound)
{
    Fixture fixture;
    fixture.rest();
    for (const auto rest : {20s, 40s, 60s, 60s}) {
        CHECK(fixture.admitted() == Verdict::probe);
        fixture.breakers.failed("a", Verdict::probe, fixture.now);
        CHECK(fixture.breakers.admit("a", fixture.now).rest == rest);
        fixture.now += rest;
    }
    for (int i = 0; i < 100; ++i)
        fixture.breakers.failed("a", Verdict::probe, fixture.now);
    CHECK(fixture.breakers.admit("a", fixture.now).rest == 60s);
}

TEST(a_probe_whose_worker_died_makes_room_for_another)
{
    Fixture fixture;
    fixture.rest();
    CHECK(fixture.admitted() == Verdict::probe);
    fixture.now += 4s;
    CHECK(fixture.admitted() == Verdict::open);
    fixture.now += 1s;
    CHECK(fixture.admitted() == Verdict::probe);
}

TEST(a_probe_that_is_given_up_makes_room_at_once)
{
    Fixture fixture;
    fixture.rest();
    CHECK(fixture.admitted() == Verdict::probe);
    fixture.breakers.abandoned("a", Verdict::probe, fixture.now);
    CHECK(fixture.admitted() == Verdict::probe);
    fixture.breakers.abandoned("a", Verdict::closed, fixture.now);
    CHECK(fixture.admitted() == Verdict::open);
}

TEST(what_was_asked_before_it_opened_says_nothing_any_more)
{
    Fixture fixture;
    fixture.fail(3);
    fixture.breakers.succeeded("a", Verdict::closed);
    CHECK(fixture.admitted() == Verdict::open);
    fixture.now += 9s;
    fixture.fail(5);
    fixture.now += 1s;
    CHECK(fixture.admitted() == Verdict::probe);
}

TEST(processes_share_a_breaker_and_its_probe)
{
    Fixture fixture;
    fixture.fail(3);
    CHECK(admitted_elsewhere(fixture.folder / "breakers", fixture.now) == Verdict::open);
    fixture.now += 10s;
    CHECK(admitted_elsewhere(fixture.folder / "breakers", fixture.now) == Verdict::probe);   // and it has died with it
    CHECK(fixture.admitted() == Verdict::open);
    fixture.now += 5s;
    CHECK(fixture.admitted() == Verdict::probe);
    CHECK(admitted_elsewhere(fixture.folder / "breakers", fixture.now) == Verdict::open);
}

TEST(a_time_of_before_a_reboot_opens_nothing)
{
    Fixture fixture;
    fixture.fail(3);
    fixture.now = SteadyTime{1s};
    CHECK(fixture.admitted() == Verdict::probe);
}

TEST(without_a_number_of_failures_nothing_opens)
{
    test::ScratchFolder folder;
    Breakers never{folder / "breakers", {.failures = 0}};
    for (int i = 0; i < 2000; ++i)
        never.failed("a", Verdict::closed, SteadyTime{1h});
    CHECK(never.admit("a", SteadyTime{1h}).verdict == Verdict::closed);
}

TEST(a_table_that_is_full_still_answers)
{
    test::ScratchFolder folder;
    Breakers breakers{folder / "breakers", three};
    for (int i = 0; i < 3000; ++i)
        CHECK(breakers.admit(std::to_string(i), SteadyTime{1h}).verdict == Verdict::closed);
}
