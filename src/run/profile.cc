// Profiles.
#include "run/profile.h"

#include "base/error.h"
#include "catalog/profile_file.h"
#include "http/message.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t file_limit = 1 << 20;

}

Json load_profile(const std::string& folder, const std::string& name)
{
    const std::string path = folder + "/" + name + ".yaml";
    if (!is_profile_name(name) || (!exists(path) && name != "vault"))
        throw Refusal(400, "unknown_profile", "there is no such profile", {{"/profile", "names no profile of this server"}});
    if (!exists(path))
        return Json::object();
    try {
        return parse_profile(read_file(path, file_limit));
    } catch (...) {
        rethrow_while("profile " + path);
    }
}

}
