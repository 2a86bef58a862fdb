// Reading the role file, and what it grants.
#include "auth/access.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "lib/crypto.h"
#include "lib/yaml.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t largest_file_bytes = 256 * 1024;

/// The claim at a path: the whole path as one name first, because names like "https://x.y/roles" contain dots.
Json claim_at(const Json& claims, std::string_view path)
{
    if (const Json whole = claims[path])
        return whole;
    Json here = claims;
    for (const std::string_view step : split(path, '.'))
        here = here[step];
    return here;
}

}

/// Builds a table from the file, and notes every problem with its place.
struct AccessReader {
    AccessTable table;
    const std::string& name;
    const YamlDocument& document;
    std::vector<std::string> problems = {};

    void problem(const std::string& pointer, const std::string& what)
    {
        const Position at = document.at(pointer);
        problems.push_back(name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + what);
    }

    /// The texts of a list; anything else is a problem.
    std::vector<std::string> texts(const Json& list, const std::string& pointer)
    {
        std::vector<std::string> result;
        if (!list.is_array())
            problem(pointer, "must be a list");
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (!list.at(i).is_string())
                problem(pointer + "/" + std::to_string(i), "must be a text");
            result.emplace_back(list.at(i).as_text());
        }
        return result;
    }

    void only(const Json& map, const std::string& pointer, const std::set<std::string_view>& names)
    {
        if (!map.is_object())
            problem(pointer, "must be a map");
        for (const auto& [member, value] : map.members())
            if (!names.contains(member))
                problem(pointer + "/" + pointer_step(member), "\"" + member + "\" is not known here");
    }

    void read_role(const std::string& role, const Json& list)
    {
        const std::string pointer = "/roles/" + pointer_step(role);
        auto& allowed = table.roles_[role].allowed;
        const auto names = texts(list, pointer);
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto known = std::ranges::find(permissions, names[i], [](const auto& entry) { return entry.first; });
            if (known == permissions.end())
                problem(pointer + "/" + std::to_string(i), "\"" + names[i] + "\" is no action");
            else
                allowed.set(static_cast<std::size_t>(known->second));
        }
    }

    void read_roots(const std::string& role, const Json& list)
    {
        const std::string pointer = "/evidence_roots/" + pointer_step(role);
        const auto at = table.roles_.find(role);
        if (at == table.roles_.end())
            return problem(pointer, "there is no role \"" + role + "\"");
        for (std::string& root : texts(list, pointer)) {
            if (!root.starts_with('/'))
                problem(pointer, "\"" + root + "\" is no absolute path");
            at->second.evidence_roots.push_back(std::move(root));
        }
    }

    void read_claims(const Json& claims)
    {
        only(claims, "/claims", {"roles_claim_path", "default_roles"});
        const Json path = claims["roles_claim_path"];
        if (!path.is_string() || path.as_text().empty())
            problem("/claims", "roles_claim_path must be the name of a claim");
        table.claim_path_ = path.as_text();
        if (const Json defaults = claims["default_roles"])
            table.default_roles_ = texts(defaults, "/claims/default_roles");
        for (const std::string& role : table.default_roles_)
            if (!table.roles_.contains(role))
                problem("/claims/default_roles", "there is no role \"" + role + "\"");
    }

    void read()
    {
        const Json& root = document.value();
        only(root, "", {"roles", "evidence_roots", "claims"});
        if (!root["roles"].is_object())
            problem("/roles", "roles must be a map of role names to lists of actions");
        for (const auto& [role, list] : root["roles"].members())
            read_role(role, list);
        for (const auto& [role, list] : root["evidence_roots"].members())
            read_roots(role, list);
        read_claims(root["claims"]);
    }
};

AccessTable AccessTable::parse(std::string_view text, const std::string& name)
try {
    const YamlDocument document = parse_yaml(text, {.bytes = largest_file_bytes});
    AccessReader reader{{}, name, document};
    reader.read();
    if (!reader.problems.empty())
        throw ConfigError(join(reader.problems, "\n"));
    reader.table.digest_ = sha256_digest(text);
    return std::move(reader.table);
} catch (const YamlError& error) {
    const std::string place = name + ":" + std::to_string(error.line) + ":" + std::to_string(error.column);
    throw ConfigError(place + ": " + error.reason);
}

std::vector<std::string> AccessTable::roles_of(const Json& claims) const
{
    const Json claim = claim_at(claims, claim_path_);
    if (!claim || claim.is_null())
        return default_roles_;
    std::vector<std::string> roles;
    for (const Json& role : claim.is_array() ? claim.items() : std::vector{claim})
        if (role.is_string())
            roles.emplace_back(role.as_text());
    return roles;
}

void AccessTable::grant(Caller& caller, const std::vector<std::string>& roles) const
{
    for (const std::string& name : roles) {
        const auto role = roles_.find(name);
        if (role == roles_.end() || std::ranges::count(caller.roles, name) != 0)
            continue;
        caller.roles.push_back(name);
        caller.allowed |= role->second.allowed;
        const auto& roots = role->second.evidence_roots;
        caller.evidence_roots.insert(caller.evidence_roots.end(), roots.begin(), roots.end());
    }
}

namespace {

std::shared_ptr<const AccessTable> load(const std::string& path)
{
    std::string text;
    try {
        text = read_file(path, largest_file_bytes);
    } catch (const Error& error) {
        throw ConfigError(std::string{"VMESH_RBAC_PATH: "} + error.what());
    }
    return std::make_shared<const AccessTable>(AccessTable::parse(text, path));
}

}

Access::Access(std::string path) : path_(std::move(path))
{
    state_.access()->table = load(path_);
}

std::shared_ptr<const AccessTable> Access::table() const
{
    return state_.access()->table;
}

std::shared_ptr<const AccessTable> Access::read()
try {
    auto table = load(path_);
    state_.access()->problem.clear();
    return table;
} catch (const Error& error) {
    state_.access()->problem = error.what();
    throw;
}

void Access::replace(std::shared_ptr<const AccessTable> table)
{
    state_.access()->table.swap(table);
}

std::string Access::problem() const
{
    return state_.access()->problem;
}

}
