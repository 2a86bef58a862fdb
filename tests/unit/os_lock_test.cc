// Locks that a dead holder gives back.
#include "os/lock.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/test.h"

using namespace forge;

TEST(a_lock_is_held_once_and_given_back)
{
    const test::ScratchFolder folder;
    const std::string path = folder / "lock";
    CHECK(!FileLock::is_held(path));
    {
        const auto first = FileLock::try_acquire(path);
        CHECK(first);
        CHECK(!FileLock::try_acquire(path));
        CHECK(FileLock::is_held(path));
    }
    CHECK(!FileLock::is_held(path));
    CHECK(FileLock::try_acquire(path));
}

TEST(a_lock_of_a_killed_process_is_free)
{
    const test::ScratchFolder folder;
    const std::string path = folder / "lock";
    const pid_t child = ::fork();
    if (child == 0) {
        const auto held = FileLock::try_acquire(path);
        ::kill(::getpid(), SIGKILL);
    }
    CHECK_EQUAL(child, ::waitpid(child, nullptr, 0));
    CHECK(FileLock::try_acquire(path));
}

TEST(a_number_is_held_once_in_a_process_and_between_processes)
{
    const test::ScratchFolder folder;
    NumberLocks locks{folder / "numbers"};
    NumberLocks others{folder / "numbers"};   // as another process has it
    {
        const auto held = locks.try_acquire(1234567890123456789);
        CHECK(held);
        CHECK(!locks.try_acquire(1234567890123456789));
        CHECK(!others.try_acquire(1234567890123456789));
        CHECK(others.try_acquire(1234567890123456788));
    }
    CHECK(others.try_acquire(1234567890123456789));
}

TEST(numbers_of_a_killed_process_are_free)
{
    const test::ScratchFolder folder;
    NumberLocks locks{folder / "numbers"};
    const pid_t child = ::fork();
    if (child == 0) {
        NumberLocks own{folder / "numbers"};
        const auto held = own.try_acquire(7);
        ::kill(::getpid(), held && !locks.try_acquire(7) ? SIGKILL : SIGTERM);
    }
    int status = 0;
    CHECK_EQUAL(child, ::waitpid(child, &status, 0));
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    CHECK(locks.try_acquire(7));
}
