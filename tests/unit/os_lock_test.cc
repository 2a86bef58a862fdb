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
