// Files that are made once.
#include "os/file.h"

#include <unistd.h>

#include "base/error.h"
#include "tests/unit/test.h"

using namespace forge;

TEST(a_file_is_added_as_a_whole_and_only_where_there_is_none)
{
    const test::ScratchFolder scratch;
    CHECK(add_file(scratch / "key", "first", 0600));
    CHECK(!add_file(scratch / "key", "second", 0600));
    CHECK_EQUAL("first"s, read_file(scratch / "key"));
    CHECK_EQUAL(std::size_t{1}, names_in(scratch.path()).size());
    CHECK_THROWS(SystemError, add_file(scratch / "none/key", "x"));
}
