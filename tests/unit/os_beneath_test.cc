// Opening below a folder.
#include "os/beneath.h"

#include "os/file.h"
#include "tests/unit/test.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

using namespace forge;

namespace {

struct Tree : test::ScratchFolder {
    Tree()
    {
        make_folders(*this / "root/sub");
        replace_file(*this / "root/sub/file", "inside");
        replace_file(*this / "secret", "outside");
        CHECK_EQUAL(0, ::symlink("sub/file", (*this / "root/near").c_str()));
        CHECK_EQUAL(0, ::symlink("../secret", (*this / "root/far").c_str()));
        root = open_file(*this / "root", O_PATH | O_DIRECTORY);
    }
    std::string content(const std::string& path, Links links) const
    {
        const Fd fd = open_beneath(root.get(), path, O_RDONLY, links);
        return fd ? read_rest(fd.get(), path) : errno == EXDEV ? "left" : errno == ELOOP ? "link" : "missing";
    }
    Fd root;
};

}

TEST(a_file_below_the_folder_is_opened)
{
    const Tree tree;
    CHECK_EQUAL("inside"s, tree.content("sub/file", Links::refused));
    CHECK_EQUAL("inside"s, tree.content("sub/../sub/file", Links::refused));
    CHECK_EQUAL("missing"s, tree.content("sub/nothing", Links::refused));
}

TEST(nothing_outside_of_the_folder_is_opened)
{
    const Tree tree;
    CHECK_EQUAL("left"s, tree.content("../secret", Links::inside));
    CHECK_EQUAL("left"s, tree.content(tree / "secret", Links::inside));
    CHECK_EQUAL("left"s, tree.content("far", Links::inside));
}

TEST(links_are_followed_inside_or_not_at_all)
{
    const Tree tree;
    CHECK_EQUAL("inside"s, tree.content("near", Links::inside));
    CHECK_EQUAL("link"s, tree.content("near", Links::refused));
}
