// Where a process answers reloads.
#include "ops/reload_desk.h"

#include <unistd.h>

#include "base/error.h"
#include "ops/settings_reload.h"
#include "os/file.h"
#include "os/process.h"
#include "tests/unit/test.h"

using namespace forge;

TEST(a_desk_says_whose_it_is_and_is_cleared_at_the_end)
{
    const test::ScratchFolder folder;
    {
        const ReloadDesk desk{folder.path(), "worker.1"};
        const Json self = parse_json(read_file(folder / "reload/worker.1.json"));
        CHECK_EQUAL(static_cast<std::int64_t>(::getpid()), self["pid"].as_integer());
        CHECK_EQUAL(static_cast<std::int64_t>(process_begin(::getpid())), self["begin"].as_integer());
        CHECK(process_begin(::getpid()) > 0);
        CHECK(FileLock::is_held(folder / "reload/worker.1.lock"));
        CHECK_EQUAL(""s, desk.wanted());
        const ReloadDesk second{folder.path(), "worker.1"};
        CHECK(exists(folder / "reload/worker.1-2.json"));
    }
    CHECK(!exists(folder / "reload/worker.1.json"));
    CHECK(!FileLock::is_held(folder / "reload/worker.1.lock"));
}

TEST(an_answer_names_the_reload_that_it_is_for_and_every_problem)
{
    const test::ScratchFolder folder;
    ReloadDesk desk{folder.path(), "ledgerd"};
    replace_file(folder / "reload/wanted", "abc");
    ReloadAnswer answer{.wanted = desk.wanted()};
    answer.refuse(ConfigError("x.env:1: bad\nMODEL=\xff: worse"));
    CHECK_EQUAL("refused"s, std::string{answer.result()});
    desk.answer(answer);
    const Json json = parse_json(read_file(folder / "reload/ledgerd.json"));
    CHECK_EQUAL("abc"s, std::string{json["wanted"].as_text()});
    CHECK(!json["ok"].as_bool(true));
    CHECK_EQUAL("x.env:1: bad"s, std::string{json["problems"].at(0).as_text()});
    CHECK_EQUAL("MODEL=?: worse"s, std::string{json["problems"].at(1).as_text()});
}
