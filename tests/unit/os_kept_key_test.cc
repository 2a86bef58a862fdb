// A key that is made once.
#include "tests/unit/test.h"

#include "base/error.h"
#include "os/file.h"
#include "os/kept_key.h"

#include <set>
#include <sys/stat.h>
#include <thread>
#include <vector>

using namespace forge;

TEST(a_kept_key_is_made_once_and_only_its_owner_reads_it)
{
    const test::ScratchFolder folder;
    const std::string key = kept_key(folder / "a/key");
    CHECK_EQUAL(std::size_t{32}, key.size());
    CHECK_EQUAL(key, kept_key(folder / "a/key"));
    struct stat info {};
    CHECK(::stat((folder / "a/key").c_str(), &info) == 0);
    CHECK_EQUAL(0100600u, info.st_mode);
    CHECK_EQUAL(std::size_t{1}, names_in(folder / "a").size());
}

TEST(whoever_asks_at_the_same_time_gets_the_same_key)
{
    const test::ScratchFolder folder;
    std::vector<std::string> keys(8);
    {
        std::vector<std::jthread> threads;
        for (std::string& key : keys)
            threads.emplace_back([&] { key = kept_key(folder / "key"); });
    }
    CHECK_EQUAL(std::size_t{1}, std::set<std::string>(keys.begin(), keys.end()).size());
}

TEST(a_kept_key_of_another_size_is_refused)
{
    const test::ScratchFolder folder;
    write_file_durably(folder / "key", "short");
    CHECK_THROWS(Error, kept_key(folder / "key"));
    write_file_durably(folder / "key", std::string(33, 'x'));
    CHECK_THROWS(Error, kept_key(folder / "key"));
}
