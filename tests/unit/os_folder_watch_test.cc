// Changes in folders.
#include "os/folder_watch.h"

#include "os/file.h"
#include "tests/unit/test.h"

#include <unistd.h>

using namespace forge;

TEST(a_folder_watch_notices_each_kind_of_change)
{
    const test::ScratchFolder folder;
    FolderWatch watch;
    CHECK(watch.add(folder.path()));
    CHECK(!watch.take());
    replace_file(folder / "a", "1");
    CHECK(watch.take());
    CHECK(!watch.take());
    CHECK_EQUAL(0, ::rename((folder / "a").c_str(), (folder / "b").c_str()));
    CHECK(watch.take());
    CHECK_EQUAL(0, ::unlink((folder / "b").c_str()));
    CHECK(watch.take());
    make_folders(folder / "sub");
    CHECK(watch.take());
}

TEST(what_is_no_folder_cannot_be_watched)
{
    const test::ScratchFolder folder;
    replace_file(folder / "a", "1");
    FolderWatch watch;
    CHECK(!watch.add(folder / "a"));
    CHECK(!watch.add(folder / "nothing"));
    CHECK(watch.add(folder.path()));
    CHECK(watch.add(folder.path()));
}
