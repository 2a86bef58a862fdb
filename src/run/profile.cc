// Profiles.
#include "run/profile.h"

#include "base/error.h"
#include "http/message.h"
#include "lib/yaml.h"
#include "os/file.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t name_limit = 64;
constexpr std::size_t file_limit = 1 << 20;

bool is_profile_name(const std::string& name)
{
    return !name.empty() && name.size() <= name_limit && name.front() != '.' && std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
           });
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
        Json profile = parse_yaml(read_file(path, file_limit)).value();
        if (!profile.is_object())
            throw Error("is no mapping");
        return profile;
    } catch (...) {
        rethrow_while("profile " + path);
    }
}

}
