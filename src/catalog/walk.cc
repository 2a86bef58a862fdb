// The files of a catalog's folder, as the file system lists them.
#include "catalog/walk.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <utility>

#include "base/error.h"
#include "os/beneath.h"
#include "os/file.h"

namespace forge {

namespace {

FileStamp stamp_of(const struct stat& info)
{
    const auto nanoseconds = [](const timespec& time) { return time.tv_sec * 1'000'000'000LL + time.tv_nsec; };
    return {nanoseconds(info.st_mtim), nanoseconds(info.st_ctim), static_cast<std::uint64_t>(info.st_size), info.st_ino,
            info.st_dev};
}

bool has_template_ending(std::string_view name)
{
    return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
}

// They stand in a catalog, but hold no templates.
bool is_passed_by(std::string_view folder)
{
    return folder == "schemas" || folder == "profiles";
}

class Walker {
public:
    Walker(Walk& walk, WalkLimits limits) : walk_(walk), limits_(limits) {}

    void folder(const Fd& fd, const std::string& path, int depth);
    void finish();

private:
    void entry(const Fd& parent, const std::string& name, const std::string& path, int depth);
    void link(const std::string& path);
    void add(const std::string& path, const struct stat& info);
    void problem(const std::string& path, const char* code, std::string message)
    {
        walk_.problems.push_back({path, {}, "", code, std::move(message)});
    }

    Walk& walk_;
    const WalkLimits limits_;
    std::vector<std::string> links_;
    std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;   // device and inode
    bool is_full_ = false;
};

void Walker::folder(const Fd& fd, const std::string& path, int depth)
{
    walk_.folders.push_back(path);
    if (depth > limits_.depth)
        return problem(path, "file_limit", "folders deeper than " + std::to_string(limits_.depth));
    for (const auto& name : names_in("/proc/self/fd/" + std::to_string(fd.get())))
        if (!name.starts_with('.') && !is_full_)
            entry(fd, name, path.empty() ? name : path + "/" + name, depth);
}

void Walker::entry(const Fd& parent, const std::string& name, const std::string& path, int depth)
{
    struct stat info{};
    if (::fstatat(parent.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return;   // gone since it was listed
    if (S_ISLNK(info.st_mode)) {
        links_.push_back(path);
    } else if (S_ISREG(info.st_mode)) {
        add(path, info);
    } else if (S_ISDIR(info.st_mode) && !is_passed_by(name)) {
        const Fd below{::openat(parent.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
        if (below)
            folder(below, path, depth + 1);
        else
            problem(path, "file_unreadable", std::strerror(errno));
    }
}

void Walker::link(const std::string& path)
{
    const Fd target = open_beneath(walk_.root.get(), path, O_PATH, Links::inside);
    struct stat info{};
    if (!target)
        problem(path, errno == EXDEV ? "symlink_escapes" : "file_unreadable",
                errno == EXDEV ? "the link leaves the catalog's root" : std::strerror(errno));
    else if (::fstat(target.get(), &info) == 0 && S_ISREG(info.st_mode))
        add(path, info);
}

void Walker::add(const std::string& path, const struct stat& info)
{
    if (!has_template_ending(path) || !seen_.emplace(info.st_dev, info.st_ino).second)
        return;
    if (walk_.files.size() >= limits_.files) {
        is_full_ = true;
        return problem(path, "file_limit",
                       "more than " + std::to_string(limits_.files) + " files; the rest is not read");
    }
    walk_.files.push_back({path, stamp_of(info)});
}

// Links come last, so that a file is known by its own path.
void Walker::finish()
{
    for (const auto& path : links_)
        if (!is_full_)
            link(path);
    std::ranges::sort(walk_.files, {}, &Walk::File::path);
}

}

Walk walk_catalog(const std::string& root, WalkLimits limits)
{
    Walk walk;
    walk.root = Fd{::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!walk.root) {
        if (errno != ENOENT)
            walk.problems.push_back({"", {}, "", "file_unreadable", root + ": " + std::strerror(errno)});
        return walk;
    }
    Walker walker{walk, limits};
    walker.folder(walk.root, "", 0);
    walker.finish();
    return walk;
}

}
