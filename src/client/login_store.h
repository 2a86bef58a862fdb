// Logins of this user: a token for each server, in files of mode 0600 below XDG_STATE_HOME.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "auth/token_endpoint.h"
#include "base/clock.h"

namespace forge {

/// What is kept of a login.  The token goes to `server` and to nobody else.
struct Login {
    std::string server;
    std::string issuer;
    std::string client_id;
    std::string resource{};
    Granted granted{};
};

class LoginStore {
public:
    /// $XDG_STATE_HOME/vaultmesh-forge, or ~/.local/state/vaultmesh-forge; where neither variable is an absolute path, nothing.
    static std::optional<LoginStore> of_user();

    explicit LoginStore(std::string folder) : folder_(std::move(folder)) {}

    std::string path_for(const std::string& server) const;
    void keep(const Login& login) const;
    /// Nothing where there is none.  Throws Error for a file that others may read, or that holds no login.
    std::optional<Login> find(const std::string& server) const;
    /// False: there was none.
    bool forget(const std::string& server) const;

    using Refresh = std::function<Granted(const Login&)>;
    /// The token for a server; one that is about to expire is refreshed first, by one process at a time.  Nothing where there is
    /// no login.  Where the refresh fails, what is known is given, and `warn` is told why.
    std::optional<std::string> token(const std::string& server, const Refresh& refresh,
                                     const std::function<void(const std::string&)>& warn, WallTime now = wall_now()) const;

private:
    std::string folder_;
};

/// The token of this user's login at the server; empty: none.
std::string login_token(const std::string& server);

}
