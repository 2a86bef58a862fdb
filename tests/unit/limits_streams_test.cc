// Stream slots: exact over workers, and given back by those that die.
#include "limits/streams.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "base/error.h"
#include "tests/unit/test.h"

using namespace forge;

namespace {

constexpr StreamLimits ten{10, 50, 3};

using Slots = std::vector<StreamSlots::Slot>;

long open_many(StreamSlots& streams, Slots& into, int tries, const std::string& address, bool anonymous,
               StreamLimits limits)
{
    for (int i = 0; i < tries; ++i)
        if (auto slot = streams.open(address, anonymous, limits))
            into.push_back(std::move(*slot));
    return static_cast<long>(into.size());
}

}

TEST(streams_are_capped_in_all_and_slots_come_back)
{
    const test::ScratchFolder folder;
    StreamSlots one{folder.path()};
    StreamSlots two{folder.path()};
    Slots first;
    Slots second;
    CHECK_EQUAL(6L, open_many(one, first, 6, "192.0.2.1", false, ten));
    CHECK_EQUAL(4L, open_many(two, second, 9, "192.0.2.1", false, ten));
    CHECK_EQUAL(10L, one.open_streams());
    first.clear();
    CHECK_EQUAL(4L, two.open_streams());
    CHECK(two.open("192.0.2.1", false, ten));
}

TEST(anonymous_streams_get_their_share_and_an_address_its_own)
{
    const test::ScratchFolder folder;
    StreamSlots streams{folder.path()};
    Slots of_one;
    Slots of_two;
    CHECK_EQUAL(3L, open_many(streams, of_one, 9, "192.0.2.1", true, ten));
    CHECK_EQUAL(2L, open_many(streams, of_two, 9, "192.0.2.2", true, ten));
    CHECK(!streams.open("192.0.2.3", true, ten));
    CHECK(streams.open("192.0.2.1", false, ten));
    of_one.pop_back();
    CHECK(!streams.open("192.0.2.4", true, {10, 40, 3}));
    CHECK(streams.open("192.0.2.4", true, ten));
}

TEST(no_limit_per_address_is_said_by_zero)
{
    const test::ScratchFolder folder;
    StreamSlots streams{folder.path()};
    Slots slots;
    CHECK_EQUAL(10L, open_many(streams, slots, 20, "192.0.2.1", true, {10, 100, 0}));
}

TEST(a_killed_worker_s_share_is_free_again)
{
    const test::ScratchFolder folder;
    StreamSlots living{folder.path()};
    Slots mine;
    CHECK_EQUAL(2L, open_many(living, mine, 2, "192.0.2.1", true, ten));
    for (int round = 0; round < 2; ++round) {
        const pid_t child = ::fork();
        if (child == 0) {
            auto dying = std::make_unique<StreamSlots>(folder.path());
            Slots slots;
            const bool as_expected = open_many(*dying, slots, 9, "192.0.2.2", false, ten) == 8;
            ::kill(::getpid(), as_expected ? SIGKILL : SIGABRT);
        }
        int status = 0;
        CHECK_EQUAL(child, ::waitpid(child, &status, 0));
        CHECK_EQUAL(SIGKILL, WTERMSIG(status));
        CHECK_EQUAL(2L, living.open_streams());
    }
    CHECK_EQUAL(10L, open_many(living, mine, 20, "192.0.2.9", false, ten));
}

TEST(many_threads_of_two_workers_never_pass_the_cap_and_reach_it)
{
    const test::ScratchFolder folder;
    StreamSlots one{folder.path()};
    StreamSlots two{folder.path()};
    const StreamLimits limits{500, 100, 0};
    std::vector<Slots> slots(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < 4; ++i)
            threads.emplace_back([&, i] { open_many(i % 2 ? one : two, slots[i], 200, "192.0.2.1", true, limits); });
    }
    CHECK_EQUAL(500L, one.open_streams());
    CHECK_EQUAL(std::size_t{500}, slots[0].size() + slots[1].size() + slots[2].size() + slots[3].size());
}
