// Profiles.
#include "run/profile.h"

#include "base/error.h"
#include "catalog/profile_file.h"
#include "http/message.h"
#include "base/guarded.h"
#include "os/file.h"

#include <sys/stat.h>

#include <map>
#include <tuple>

namespace forge {

namespace {

constexpr std::size_t file_limit = 1 << 20;
constexpr std::size_t most_kept = 64;

/// A file that was not changed since is the same one.
using Stamp = std::tuple<ino_t, off_t, time_t, long, time_t, long>;

struct Kept {
    Stamp stamp;
    Json profile;
};
Guarded<std::map<std::string, Kept>> kept;   // by path: each run asks for one

Stamp stamp_of(const std::string& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        throw errno_error("stat " + path);
    return {status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
}

Json read_profile(const std::string& path)
{
    const Stamp stamp = stamp_of(path);
    {
        auto known = kept.access();
        if (const auto at = known->find(path); at != known->end() && at->second.stamp == stamp)
            return at->second.profile;
    }
    Json profile = parse_profile(read_file(path, file_limit));
    auto known = kept.access();
    if (known->size() >= most_kept)
        known->clear();
    known->insert_or_assign(path, Kept{stamp, profile});
    return profile;
}

}

Json load_profile(const std::string& folder, const std::string& name)
{
    const std::string path = folder + "/" + name + ".yaml";
    if (!is_profile_name(name) || (!exists(path) && name != "vault"))
        throw Refusal(400, "unknown_profile", "there is no such profile", {{"/profile", "names no profile of this server"}});
    if (!exists(path))
        return Json::object();
    try {
        return read_profile(path);
    } catch (...) {
        rethrow_while("profile " + path);
    }
}

}
