// Evidence in a folder of the server.
#include "analyze/folder_evidence.h"

#include "base/error.h"
#include "os/file.h"
#include "os/fd.h"
#include "test.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>

using namespace forge;

namespace {

std::string listing(const EvidenceTree& tree)
{
    std::string list;
    for (const auto& file : tree.files())
        list += file.path + "=" + tree.read(file, 100).value_or("?") + ";";
    return list;
}

std::string reasons(const EvidenceTree& tree)
{
    return dump(tree.skips().json()["reasons"]);
}

}

TEST(a_folder_is_listed_with_all_below_it)
{
    const test::ScratchFolder root;
    make_folders(root / "case/b/c");
    replace_file(root / "case/one", "1");
    replace_file(root / "case/b/c/two", "2");
    CHECK_EQUAL("b/c/two=2;one=1;"s, listing(*open_folder_evidence(root.path(), "case")));
    CHECK_EQUAL("two=2;"s, listing(*open_folder_evidence(root.path(), "./case//b/c/two")));
    CHECK_EQUAL("case/b/c/two=2;case/one=1;"s, listing(*open_folder_evidence(root.path(), "")));
}

TEST(a_path_cannot_leave_the_root)
{
    const test::ScratchFolder outside;
    replace_file(outside / "secret", "x");
    const test::ScratchFolder root;
    CHECK(::symlink(outside.path().c_str(), (root / "link").c_str()) == 0);
    for (const auto& path :
         {"../"s + base_name(outside.path()), "/etc"s, "a/../../b"s, "link"s, "link/secret"s, "nowhere"s, "a\0b"s})
        CHECK_THROWS(Error, open_folder_evidence(root.path(), path));
}

TEST(links_pipes_sockets_and_devices_are_named_and_never_opened)
{
    const test::ScratchFolder root;
    replace_file(root / "file", "1");
    CHECK(::symlink("/etc/passwd", (root / "link").c_str()) == 0);
    CHECK(::mkfifo((root / "pipe").c_str(), 0600) == 0);
    const Fd server{::socket(AF_UNIX, SOCK_STREAM, 0)};
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    std::strncpy(address.sun_path, (root / "sock").c_str(), sizeof address.sun_path - 1);
    CHECK(::bind(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const bool device = ::mknod((root / "null").c_str(), S_IFCHR | 0600, makedev(1, 3)) == 0;   // needs root

    const auto tree = open_folder_evidence(root.path(), "");
    CHECK_EQUAL("file=1;"s, listing(*tree));
    CHECK_EQUAL(device ? R"({"FIFO":1,"device":1,"socket":1,"symbolic link":1})"s
                       : R"({"FIFO":1,"socket":1,"symbolic link":1})"s,
                reasons(*tree));
}

TEST(a_file_that_becomes_a_pipe_or_a_link_is_not_read)
{
    const test::ScratchFolder root;
    replace_file(root / "a", "1");
    replace_file(root / "b", "1");
    const auto tree = open_folder_evidence(root.path(), "");
    CHECK(::unlink((root / "a").c_str()) == 0 && ::mkfifo((root / "a").c_str(), 0600) == 0);
    CHECK(::unlink((root / "b").c_str()) == 0 && ::symlink("/etc/passwd", (root / "b").c_str()) == 0);
    CHECK_EQUAL("a=?;b=?;"s, listing(*tree));
}

TEST(a_folder_with_too_many_files_is_cut_and_says_so)
{
    const test::ScratchFolder root;
    for (int i = 0; i < 30; ++i)
        replace_file(root / std::to_string(i), "x");
    const auto tree = open_folder_evidence(root.path(), "", {.files = 10});
    CHECK_EQUAL(std::size_t{10}, tree->files().size());
    CHECK_EQUAL(R"({"this and what follows: more files than are looked at":1})"s, reasons(*tree));
    CHECK_EQUAL(R"({"this and what follows: more names than are looked at":1})"s,
                reasons(*open_folder_evidence(root.path(), "", {.entries = 5})));
    CHECK_EQUAL(R"({"this and what follows: no time left":1})"s,
                reasons(*open_folder_evidence(root.path(), "", {.deadline = steady_now()})));
}

TEST(a_folder_that_is_too_deep_is_named)
{
    const test::ScratchFolder root;
    make_folders(root / "a/b/c/d");
    replace_file(root / "a/b/c/d/file", "x");
    CHECK_EQUAL(R"({"too many folders deep":1})"s, reasons(*open_folder_evidence(root.path(), "", {.depth = 3})));
}
