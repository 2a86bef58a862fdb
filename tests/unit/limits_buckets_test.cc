// Token buckets: rates kept exactly, by several processes, in bounded memory.
#include "limits/buckets.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "os/file.h"
#include "tests/unit/test.h"

using namespace forge;

namespace {

constexpr SteadyTime start{std::chrono::hours{5}};
constexpr Rate thirty{30, Millis{60'000}};

SteadyTime after(std::chrono::nanoseconds time)
{
    return start + time;
}

long allowed_of(Buckets& buckets, const std::string& who, long tries, Rate rate, SteadyTime now)
{
    long allowed = 0;
    for (long i = 0; i < tries; ++i)
        allowed += buckets.take(who, "execute", rate, now).allowed;
    return allowed;
}

}

TEST(a_full_bucket_gives_all_its_requests_at_once_and_one_more_after_each_share_of_the_window)
{
    const test::ScratchFolder folder;
    Buckets buckets{folder / "limits"};
    CHECK_EQUAL(30L, allowed_of(buckets, "ada", 100, thirty, start));
    CHECK_EQUAL(0L, allowed_of(buckets, "ada", 1, thirty, after(std::chrono::milliseconds{1999})));
    CHECK_EQUAL(1L, allowed_of(buckets, "ada", 5, thirty, after(std::chrono::seconds{2})));
    CHECK_EQUAL(30L, allowed_of(buckets, "ada", 100, thirty, after(std::chrono::seconds{62})));
}

TEST(what_is_said_about_the_bucket_is_true)
{
    const test::ScratchFolder folder;
    Buckets buckets{folder / "limits"};
    const Allowance first = buckets.take("ada", "execute", thirty, start);
    CHECK_EQUAL(29L, first.remaining);
    CHECK(Millis{2000} == first.reset);
    allowed_of(buckets, "ada", 29, thirty, start);
    const Allowance refused = buckets.take("ada", "execute", thirty, after(std::chrono::milliseconds{500}));
    CHECK(!refused.allowed);
    CHECK_EQUAL(0L, refused.remaining);
    CHECK(Millis{1500} == refused.retry_after);
    CHECK_EQUAL("2"s, refused.headers().at(3).second);
    CHECK_EQUAL("retry-after"s, refused.headers().at(3).first);
    CHECK_EQUAL("60"s, refused.headers().at(2).second);
    CHECK(buckets.take("ada", "execute", thirty, start + refused.retry_after + Millis{500}).allowed);
}

TEST(subjects_and_routes_have_buckets_of_their_own)
{
    const test::ScratchFolder folder;
    Buckets buckets{folder / "limits"};
    CHECK_EQUAL(30L, allowed_of(buckets, "ada", 31, thirty, start));
    CHECK_EQUAL(30L, allowed_of(buckets, "eve", 31, thirty, start));
    CHECK(buckets.take("ada", "ask", thirty, start).allowed);
}

TEST(ten_thousand_subjects_keep_their_limits_in_bounded_memory)
{
    const test::ScratchFolder folder;
    Buckets buckets{folder / "limits"};
    const Rate two{2, Millis{60'000}};
    for (int round = 0; round < 4; ++round)
        for (int i = 0; i < 10'000; ++i)
            CHECK_EQUAL(round < 2, buckets.take("subject " + std::to_string(i), "execute", two, start).allowed);
}

TEST(a_million_callers_use_the_whole_table_and_no_more_and_none_of_them_is_refused_wrongly)
{
    const test::ScratchFolder folder;
    Buckets buckets{folder / "limits"};
    const std::string before = read_file(folder / "limits");
    const Rate two{2, Millis{60'000}};
    for (int i = 0; i < 1'000'000; ++i) {
        CHECK(buckets.take("subject " + std::to_string(i), "execute", two, start).allowed);
        if (i % 40'000 == 0)   // less than thirty times
            CHECK(buckets.take("ada", "execute", thirty, start).allowed);
    }
    const std::string after = read_file(folder / "limits");
    CHECK_EQUAL(std::size_t{2 << 20}, before.size());
    CHECK_EQUAL(before.size(), after.size());
    std::size_t used = 0;
    for (std::size_t at = 0; at < after.size(); at += 16)
        used += after[at] != '\0' ? 1 : 0;   // a key is odd
    CHECK_EQUAL(after.size() / 16, used);
}

TEST(a_table_that_is_too_small_forgets_but_works)
{
    const test::ScratchFolder folder;
    Buckets buckets{folder / "limits", 1};
    for (int i = 0; i < 100; ++i)
        CHECK(buckets.take("subject " + std::to_string(i), "execute", thirty, start).allowed);
    CHECK_EQUAL(29L, allowed_of(buckets, "subject 99", 100, thirty, start));
}

TEST(a_moment_of_before_a_reboot_or_of_a_longer_window_blocks_nobody)
{
    const test::ScratchFolder folder;
    Buckets buckets{folder / "limits"};
    allowed_of(buckets, "ada", 100, Rate{30, Millis{86'400'000}}, start);
    CHECK(buckets.take("ada", "execute", thirty, start).allowed);
    CHECK(buckets.take("ada", "execute", thirty, SteadyTime{}).allowed);
}

TEST(threads_and_a_process_that_is_killed_share_one_exact_limit)
{
    const test::ScratchFolder folder;
    const Rate thousand{1000, Millis{60'000}};
    const pid_t child = ::fork();
    if (child == 0) {
        Buckets buckets{folder / "limits"};
        allowed_of(buckets, "ada", 300, thousand, start);
        ::kill(::getpid(), SIGKILL);
    }
    CHECK_EQUAL(child, ::waitpid(child, nullptr, 0));
    Buckets one{folder / "limits"};
    Buckets two{folder / "limits"};
    std::atomic<long> allowed = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&, i] { allowed += allowed_of(i % 2 ? one : two, "ada", 500, thousand, start); });
    }
    CHECK_EQUAL(700L, allowed.load());
}
