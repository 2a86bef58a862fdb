// Whether the worker that started a run lives.
#include "run/life.h"

#include "os/file.h"
#include "tests/unit/test.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace forge;

TEST(a_worker_lives_until_it_ends)
{
    const test::ScratchFolder folder;
    const WorkerLife mine{folder.path(), "worker.1"};
    std::string other;
    {
        const WorkerLife theirs{folder.path(), "worker.1"};
        other = theirs.name();
        CHECK(other != mine.name());
        CHECK_EQUAL(""s, std::string{mine.gone(other)});
    }
    CHECK_EQUAL("it has no lock"s, std::string{mine.gone(other)});
    CHECK_EQUAL(""s, std::string{mine.gone(mine.name())});
}

TEST(a_killed_worker_is_gone_and_is_swept_away)
{
    const test::ScratchFolder folder;
    const WorkerLife mine{folder.path(), "worker.1"};
    int ends[2];
    CHECK_EQUAL(0, ::pipe(ends));
    const pid_t child = ::fork();
    if (child == 0) {
        const WorkerLife theirs{folder.path(), "worker.2"};
        const std::string name = theirs.name();
        if (::write(ends[1], name.data(), name.size()) > 0)
            ::kill(::getpid(), SIGKILL);
    }
    char name[64] = {};
    CHECK(::read(ends[0], name, sizeof name - 1) > 0);
    CHECK_EQUAL(child, ::waitpid(child, nullptr, 0));
    ::close(ends[0]);
    ::close(ends[1]);
    CHECK_EQUAL("its lock is free"s, std::string{mine.gone(name)});
    mine.sweep();
    CHECK_EQUAL("it has no lock"s, std::string{mine.gone(name)});
    CHECK_EQUAL(""s, std::string{mine.gone(mine.name())});
}

TEST(a_name_that_is_a_path_is_nobodys)
{
    const test::ScratchFolder folder;
    const WorkerLife mine{folder.path(), "worker.1"};
    for (const char* const name : {"", "../workers/worker.1", "/etc/passwd", ".", "a b"})
        CHECK_EQUAL("it has no lock"s, std::string{mine.gone(name)});
}
