// Reading a client's credentials.
#include "client/client_file.h"

#include <sys/stat.h>

#include "config/secret_url.h"
#include "config/source.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t largest_file_bytes = 64 * 1024;

std::string private_text(const std::string& path)
{
    const Fd fd = open_regular(path);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0)
        throw errno_error("fstat " + path);
    if ((status.st_mode & 077U) != 0)
        throw ConfigError(path + ": others may read it, and it holds a secret: chmod 600 " + path);
    return read_rest(fd.get(), path, largest_file_bytes);
}

/// What a file must or may say, once.
struct Name {
    const char* name;
    bool is_needed;
};
constexpr Name names[] = {
    {"OIDC_ISSUER", true},
    {"OIDC_CLIENT_ID", true},
    {"OIDC_CLIENT_SECRET", true},
    {"OIDC_SCOPES", false},
    {"OIDC_RESOURCE", false},
};

void check(const SettingsSource& source, const std::string& path)
{
    if (!source.problems.empty())
        throw ConfigError(source.problems.front());
    std::size_t known = 0;
    std::string all;
    for (const Name& name : names) {
        const auto at = source.values.find(std::string_view{name.name});
        all += std::string{all.empty() ? "" : ", "} + name.name;
        known += at != source.values.end() ? 1 : 0;
        if (name.is_needed && (at == source.values.end() || at->second.value.empty()))
            throw ConfigError(path + ": " + name.name + " is missing");
    }
    if (known != source.values.size())
        throw ConfigError(path + ": only these may stand in it: " + all);
}

}

OauthClient read_client_file(const std::string& path)
{
    std::string text = private_text(path);
    SettingsSource source = parse_settings(text, path);
    wipe(text);
    check(source, path);
    const auto value = [&](std::string_view name) {
        const auto at = source.values.find(name);
        return at == source.values.end() ? std::string{} : std::move(at->second.value);
    };
    OauthClient client{.issuer = value("OIDC_ISSUER"), .id = value("OIDC_CLIENT_ID"), .secret = Secret{value("OIDC_CLIENT_SECRET")}};
    client.scopes = value("OIDC_SCOPES");
    client.resource = value("OIDC_RESOURCE");
    if (!keeps_secrets(client.issuer))
        throw ConfigError(path + ": OIDC_ISSUER is neither https nor on this host");
    return client;
}

}
