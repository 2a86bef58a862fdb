// The role file (rbac.yaml): which roles there are, what each may do, and where a token names its roles.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/caller.h"
#include "base/guarded.h"
#include "lib/json.h"

namespace forge {

/// The content of a role file:
///   roles: {operator: [templates:read, execute:run], …}
///   evidence_roots: {operator: [/srv/evidence], …}            # may be missing
///   claims: {roles_claim_path: "https://vaultmesh/roles", default_roles: []}
class AccessTable {
public:
    /// Throws ConfigError with one line "name:line:column: …" for each thing that is wrong.
    static AccessTable parse(std::string_view text, const std::string& name);

    /// The roles that the claims name: the path is tried whole as one claim's name, then as a dotted path.
    /// No claim gives the default roles.
    std::vector<std::string> roles_of(const Json& claims) const;
    /// Fills in the caller's roles, permissions and evidence roots.  A role not in the table counts for nothing.
    void grant(Caller& caller, const std::vector<std::string>& roles) const;

    const std::string& claim_path() const { return claim_path_; }
    /// "sha256:…" of the file's bytes.
    const std::string& digest() const { return digest_; }

private:
    struct Role {
        std::bitset<permissions.size()> allowed;
        std::vector<std::string> evidence_roots;
    };

    friend struct AccessReader;

    std::map<std::string, Role, std::less<>> roles_;
    std::string claim_path_;
    std::vector<std::string> default_roles_;
    std::string digest_;
};

/// The role file in force.  Any thread.
class Access {
public:
    /// Throws ConfigError when the file is missing or broken: there is no last good one yet.
    explicit Access(std::string path);

    std::shared_ptr<const AccessTable> table() const;
    /// What the file says now.  Throws ConfigError when it is missing or broken, and keeps why.
    std::shared_ptr<const AccessTable> read();
    void replace(std::shared_ptr<const AccessTable> table);
    /// What was wrong when it was read last; empty when nothing was.
    std::string problem() const;

private:
    struct State {
        std::shared_ptr<const AccessTable> table;
        std::string problem;
    };

    const std::string path_;
    mutable Guarded<State> state_;
};

}
