// What "forge run --evidence" sends.
#include "client/pack.h"

#include "tests/unit/test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "lib/archive.h"
#include "os/file.h"

using namespace forge;

TEST(a_folder_is_packed_with_its_files_and_links_but_without_git_and_devices)
{
    const test::ScratchFolder scratch;
    make_folders(scratch / "sub/.git");
    replace_file(scratch / "sub/.git/config", "x");
    replace_file(scratch / "sub/b", "bb");
    replace_file(scratch / "a", "a");
    CHECK_EQUAL(0, ::symlink("/etc/passwd", (scratch / "link").c_str()));
    CHECK_EQUAL(0, ::mkfifo((scratch / "pipe").c_str(), 0600));
    const PackedEvidence evidence = pack_evidence(scratch.path());
    CHECK_EQUAL(std::size_t{2}, evidence.files);
    CHECK_EQUAL(std::size_t{2}, evidence.left_out);
    ArchiveReader reader{std::string_view{evidence.bytes}};
    std::string names;
    while (const auto member = reader.next())
        names += member->path + (member->kind == ArchiveMember::Kind::symlink ? "@ " : " ");
    CHECK_EQUAL("a link@ sub/b "s, names);
}

TEST(a_single_file_is_sent_as_it_is_and_a_missing_one_is_named)
{
    const test::ScratchFolder scratch;
    replace_file(scratch / "a", "content");
    CHECK_EQUAL("content"s, pack_evidence(scratch / "a").bytes);
    CHECK_THROWS(Error, pack_evidence(scratch / "missing"));
}

TEST(what_is_neither_a_file_nor_a_folder_is_refused_at_once)
{
    const test::ScratchFolder scratch;
    CHECK_EQUAL(0, ::mkfifo((scratch / "pipe").c_str(), 0600));
    CHECK_THROWS(Error, pack_evidence(scratch / "pipe"));
    CHECK_THROWS(Error, pack_evidence("/dev/null"));
}
