// Who asks, and what they may do.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace forge {

enum class Permission {
    templates_read,
    templates_write,
    execute_run,
    ledger_read,       // entries
    ledger_private,    // private values of others' runs; each look is recorded
    guardian_ask,
    ops_read,
    ops_write
};

/// The names as they stand in rbac.yaml and in "need" of a 403.
constexpr std::array<std::pair<std::string_view, Permission>, 8> permissions{{
    {"templates:read", Permission::templates_read},
    {"templates:write", Permission::templates_write},
    {"execute:run", Permission::execute_run},
    {"ledger:read", Permission::ledger_read},
    {"ledger:private", Permission::ledger_private},
    {"guardian:ask", Permission::guardian_ask},
    {"ops:read", Permission::ops_read},
    {"ops:write", Permission::ops_write},
}};

constexpr std::string_view name_of(Permission permission)
{
    return std::ranges::find(permissions, permission, &std::pair<std::string_view, Permission>::second)->first;
}

/// A person or a machine whose token was accepted, or the development bypass.
struct Caller {
    std::string iss;                  // empty under the bypass: null in the ledger
    std::string sub;
    std::string kid;                  // empty under the bypass: null in the ledger
    std::vector<std::string> roles;
    std::bitset<permissions.size()> allowed;
    std::vector<std::string> evidence_roots;   // server folders whose files the roles may use as evidence

    bool may(Permission permission) const { return allowed.test(static_cast<std::size_t>(permission)); }
};

}
