// Logins in files.
#include "client/login_store.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "base/text.h"
#include "lib/json.h"
#include "os/file.h"
#include "os/lock.h"

namespace forge {

namespace {

constexpr std::size_t largest_file_bytes = 256 * 1024;
constexpr std::chrono::seconds before_expiry{30};
constexpr int lock_tries = 200;
constexpr int lock_pause_millis = 50;

bool is_absolute(const char* path)
{
    return path != nullptr && *path == '/';
}

// Refresh tokens are often good for one use: two that refresh at once would end the login.
std::optional<FileLock> lock_of(const std::string& path)
{
    for (int i = 0; i < lock_tries; ++i) {
        if (auto lock = FileLock::try_acquire(path + ".lock", 0600))
            return lock;
        ::poll(nullptr, 0, lock_pause_millis);
    }
    return std::nullopt;
}

bool expires_soon(const Login& login, WallTime now)
{
    return login.granted.expires && *login.granted.expires - now < before_expiry;
}

Granted refreshed(const Login& login)
{
    WebClient client;
    TokenEndpoint endpoint{[&](const WebRequest& request) { return client.send(request); },
                           {.issuer = login.issuer, .id = login.client_id, .resource = login.resource}};
    return endpoint.by_refresh(login.granted.refresh_token);
}

}

std::optional<LoginStore> LoginStore::of_user()
{
    if (const char* const state = std::getenv("XDG_STATE_HOME"); is_absolute(state))
        return LoginStore{std::string{state} + "/vaultmesh-forge"};
    if (const char* const home = std::getenv("HOME"); is_absolute(home))
        return LoginStore{std::string{home} + "/.local/state/vaultmesh-forge"};
    return std::nullopt;
}

std::string LoginStore::path_for(const std::string& server) const
{
    return folder_ + "/login-" + url_encode(server) + ".json";
}

void LoginStore::keep(const Login& login) const
{
    make_folders(folder_, 0700);
    Json json = Json::object({{"server", login.server},
                              {"issuer", login.issuer},
                              {"client_id", login.client_id},
                              {"resource", login.resource},
                              {"access_token", login.granted.access_token},
                              {"refresh_token", login.granted.refresh_token}});
    if (login.granted.expires)
        json.set("expires", rfc3339(*login.granted.expires));
    write_file_durably(path_for(login.server), dump(json), 0600);
}

std::optional<Login> LoginStore::find(const std::string& server) const
{
    const std::string path = path_for(server);
    if (!exists(path))
        return std::nullopt;
    const Fd fd = open_regular(path);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0)
        throw errno_error("fstat " + path);
    if ((status.st_mode & 077U) != 0)
        throw Error(path + ": others may read it; chmod 600 it, or log in again");
    const Json json = parse_json(read_rest(fd.get(), path, largest_file_bytes));
    Login login{std::string{json["server"].as_text()}, std::string{json["issuer"].as_text()},
                std::string{json["client_id"].as_text()}, std::string{json["resource"].as_text()},
                {std::string{json["access_token"].as_text()}, std::string{json["refresh_token"].as_text()},
                 parse_rfc3339(json["expires"].as_text())}};
    if (login.server != server || login.granted.access_token.empty())
        throw Error(path + " holds no login for this server: log in again");
    return login;
}

bool LoginStore::forget(const std::string& server) const
{
    const std::string path = path_for(server);
    ::unlink((path + ".lock").c_str());
    if (::unlink(path.c_str()) == 0)
        return true;
    if (errno != ENOENT)
        throw errno_error("remove " + path);
    return false;
}

std::optional<std::string> LoginStore::token(const std::string& server, const Refresh& refresh,
                                             const std::function<void(const std::string&)>& warn, WallTime now) const
{
    auto login = find(server);
    if (!login || !expires_soon(*login, now) || login->granted.refresh_token.empty())
        return login ? std::optional{login->granted.access_token} : std::nullopt;
    try {
        const auto lock = lock_of(path_for(server));
        login = find(server).value_or(*login);   // somebody may have been faster
        if (lock && expires_soon(*login, now)) {
            Granted fresh = refresh(*login);
            if (fresh.refresh_token.empty())
                fresh.refresh_token = login->granted.refresh_token;   // RFC 6749 section 6: it stays
            login->granted = std::move(fresh);
            keep(*login);
        }
    } catch (const Error& error) {
        warn("the login could not be refreshed: " + std::string{error.what()});
    }
    return login->granted.access_token;
}

std::string login_token(const std::string& server)
{
    const auto store = LoginStore::of_user();
    const auto warn = [](const std::string& text) { std::cerr << "forge: " << text << '\n'; };
    return store ? store->token(server, refreshed, warn).value_or("") : "";
}

}
