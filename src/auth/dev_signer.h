// The development signer (AUTH_DEV_SIGNER=1): tokens for tests, signed with a key of this installation.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.h"
#include "lib/rsa_key.h"

namespace forge {

/// Any thread.  Production refuses settings that ask for one (Config).
class DevSigner {
public:
    static constexpr std::chrono::seconds lifetime{300};

    /// Reads the key in a file of mode 0600, and makes it when there is none: workers that start at once agree on one.
    explicit DevSigner(const std::string& key_path);

    struct Subject {
        std::string issuer;
        std::string audience;
        std::string sub = "dev-ci";
        std::vector<std::string> roles{"operator", "auditor"};
    };
    /// A token (RS256) of this moment; the roles are under "https://vaultmesh/roles".
    std::string token(const Subject& subject, WallTime now = wall_now()) const;
    /// The public key as a JSON Web Key Set.
    const std::string& key_set() const { return key_set_; }

private:
    const RsaKey key_;
    std::string kid_;       // the key's thumbprint (RFC 7638)
    std::string key_set_;
};

}
