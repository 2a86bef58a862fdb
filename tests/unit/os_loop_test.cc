// The event loop, waits and the pool.
#include "tests/unit/test.h"

#include "base/error.h"
#include "os/pool.h"
#include "os/wait.h"

#include <fcntl.h>
#include <unistd.h>

#include <thread>

using namespace forge;
using namespace std::chrono_literals;

namespace {

template <class T>
Task<void> keep(Loop& loop, Task<T> task, std::optional<T>& result)
{
    result.emplace(co_await task);
    loop.stop();
}

// Runs a loop until the task is done.
template <class T>
T run_on(Loop& loop, Task<T> task)
{
    std::optional<T> result;
    loop.start(keep(loop, std::move(task), result));
    loop.run();
    return std::move(result.value());
}

Task<int> three()
{
    co_return 3;
}

Task<int> failing()
{
    throw Error("no");
    co_return 0;
}

Task<int> sum_of_three(Loop& loop)
{
    co_await sleep_until(loop, steady_now() + 1ms);
    const int a = co_await three();
    int b = 0;
    try {
        b = co_await failing();
    } catch (const Error&) {
        b = 4;
    }
    co_return a + b;
}

Task<int> forever(Loop& loop, bool& destroyed)
{
    struct Mark {
        bool& flag;
        ~Mark() { flag = true; }
    } mark{destroyed};
    Event never{loop};
    co_await never.wait();
    co_return 0;
}

Task<int> give_up(Loop& loop, bool& destroyed)
{
    const auto value = co_await within(loop, steady_now() + 1ms, forever(loop, destroyed));
    co_return value ? 1 : 0;
}

Task<int> read_byte(Loop& loop, int fd)
{
    const auto events = co_await ready_until(loop, fd, EPOLLIN, steady_now() + 10s);
    char byte = 0;
    co_return (events & EPOLLIN) != 0 && ::read(fd, &byte, 1) == 1 ? byte : -1;
}

Task<int> compute(Pool& pool)
{
    const int six = co_await pool.run([] { return 6; });
    try {
        co_await pool.run([]() -> int { throw Error("bad"); });
    } catch (const Error&) {
        co_return six + 1;
    }
    co_return 0;
}

}

TEST(a_task_waits_adds_and_catches)
{
    Loop loop;
    CHECK_EQUAL(7, run_on(loop, sum_of_three(loop)));
}

TEST(a_deadline_cancels_the_task_that_missed_it)
{
    Loop loop;
    bool destroyed = false;
    CHECK_EQUAL(0, run_on(loop, give_up(loop, destroyed)));
    CHECK(destroyed);
}

TEST(a_loop_destroys_the_tasks_that_are_not_done)
{
    bool destroyed = false;
    {
        Loop loop;
        std::optional<int> none;
        loop.start(keep(loop, forever(loop, destroyed), none));
        loop.post([&] { loop.stop(); });
        loop.run();
        CHECK_EQUAL(std::size_t{1}, loop.open_tasks());
    }
    CHECK(destroyed);
}

TEST(a_task_reads_what_another_thread_writes)
{
    int ends[2];
    CHECK_EQUAL(0, ::pipe2(ends, O_CLOEXEC));
    const Fd in{ends[0]};
    const Fd out{ends[1]};
    Loop loop;
    const std::jthread writer{[&] { CHECK_EQUAL(ssize_t{1}, ::write(out.get(), "x", 1)); }};
    CHECK_EQUAL(static_cast<int>('x'), run_on(loop, read_byte(loop, in.get())));
}

TEST(a_pool_computes_beside_the_loop_and_passes_errors_on)
{
    Loop loop;
    Pool pool{loop, "test", 2, 8};
    CHECK_EQUAL(7, run_on(loop, compute(pool)));
}

namespace {

Task<int> slow(Pool& pool, std::atomic<bool>& release)
{
    co_await pool.run([&release] {
        while (!release)
            std::this_thread::yield();
        return 1;
    });
    co_return 1;
}

Task<int> cancel_slow(Loop& loop, Pool& pool, std::atomic<bool>& release)
{
    const auto value = co_await within(loop, steady_now() + 1ms, slow(pool, release));
    release = true;
    const int after = co_await pool.run([] { return 5; });
    co_return value ? 0 : after;
}

Task<int> overload(Loop& loop, Pool& pool, std::atomic<bool>& release)
{
    Task<int> first = slow(pool, release);
    first.start();
    int refused = 0;
    for (int i = 0; i < 4; ++i) {
        Task<int> next = slow(pool, release);
        next.start();
        refused += next.is_done() ? 1 : 0;
    }
    release = true;
    co_await sleep_until(loop, steady_now());
    co_return refused;
}

/// What waits for room is done once there is some.
Task<int> insist(Loop& loop, Pool& pool, std::atomic<bool>& release)
{
    Task<int> first = slow(pool, release);
    first.start();
    while (!first.is_done()) {   // the pool is full
        Task<int> refused = slow(pool, release);
        refused.start();
        if (refused.is_done())
            break;
        co_await sleep_until(loop, steady_now());
    }
    auto work = [] { return 7; };
    Task<int> waiting = pool.run_when_free(work);
    waiting.start();
    const bool was_done = waiting.is_done();
    release = true;
    while (!waiting.is_done())
        co_await sleep_until(loop, steady_now() + 1ms);
    co_return was_done ? 0 : waiting.result();
}

}

TEST(work_whose_waiter_was_cancelled_is_dropped)
{
    Loop loop;
    std::atomic<bool> release = false;
    Pool pool{loop, "test", 1, 8};
    CHECK_EQUAL(5, run_on(loop, cancel_slow(loop, pool, release)));
}

TEST(a_full_pool_refuses)
{
    Loop loop;
    std::atomic<bool> release = false;
    Pool pool{loop, "test", 1, 2};
    const int refused = run_on(loop, overload(loop, pool, release));
    CHECK(refused >= 2);
}

TEST(what_must_be_done_waits_for_room_in_a_pool)
{
    Loop loop;
    std::atomic<bool> release = false;
    Pool pool{loop, "test", 1, 1};
    CHECK_EQUAL(7, run_on(loop, insist(loop, pool, release)));
}
