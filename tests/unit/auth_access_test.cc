// The role file: what it grants, and what is refused with its place.
#include "auth/access.h"

#include <fstream>

#include "base/error.h"
#include "os/file.h"
#include "tests/unit/test.h"

using namespace forge;

namespace {

const std::string roles = R"(roles:
  operator: [templates:read, execute:run]
  auditor: [ledger:read]
evidence_roots:
  operator: [/srv/evidence]
claims:
  roles_claim_path: "https://vaultmesh/roles"
  default_roles: []
)";

AccessTable with_path(const std::string& path, const std::string& defaults = "[]")
{
    return AccessTable::parse("roles: {operator: [execute:run]}\nclaims: {roles_claim_path: \"" + path
                                  + "\", default_roles: " + defaults + "}\n", "rbac.yaml");
}

Caller granted(const AccessTable& table, const std::vector<std::string>& names)
{
    Caller caller;
    table.grant(caller, names);
    return caller;
}

std::string complaint(const std::string& text)
{
    try {
        AccessTable::parse(text, "rbac.yaml");
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "";
}

}

TEST(a_role_grants_its_actions_and_evidence_roots)
{
    const auto table = AccessTable::parse(roles, "rbac.yaml");
    const Caller caller = granted(table, {"operator"});
    CHECK(caller.may(Permission::execute_run) && caller.may(Permission::templates_read));
    CHECK(!caller.may(Permission::ledger_read) && !caller.may(Permission::templates_write));
    CHECK_EQUAL("/srv/evidence"s, caller.evidence_roots.at(0));
    CHECK(granted(table, {"operator", "auditor"}).may(Permission::ledger_read));
}

TEST(a_role_that_is_not_in_the_table_counts_for_nothing)
{
    const auto table = AccessTable::parse(roles, "rbac.yaml");
    const Caller caller = granted(table, {"constructor", "__proto__", "", "Operator"});
    CHECK(caller.roles.empty());
    CHECK(caller.allowed.none());
}

TEST(a_claim_path_is_a_name_first_and_a_path_then)
{
    const Json flat = parse_json(R"({"https://vaultmesh/roles": ["operator"], "https://vaultmesh/roles/x": 1})");
    CHECK_EQUAL("operator"s, with_path("https://vaultmesh/roles").roles_of(flat).at(0));
    const Json deep = parse_json(R"({"realm_access": {"roles": "operator"}})");
    CHECK_EQUAL("operator"s, with_path("realm_access.roles").roles_of(deep).at(0));
    const Json both = parse_json(R"({"a.b": "whole", "a": {"b": "path"}})");
    CHECK_EQUAL("whole"s, with_path("a.b").roles_of(both).at(0));
}

TEST(no_claim_means_the_default_roles_and_a_strange_one_means_none)
{
    const auto table = with_path("roles", "[operator]");
    CHECK_EQUAL("operator"s, table.roles_of(parse_json(R"({"sub": "x"})")).at(0));
    CHECK(with_path("roles").roles_of(parse_json(R"({"sub": "x"})")).empty());
    for (const auto* strange :
         {R"({"roles": {"operator": true}})", R"({"roles": 7})", R"({"roles": []})", R"({"roles": [1, null]})"})
        CHECK(table.roles_of(parse_json(strange)).empty());
}

TEST(each_thing_wrong_with_a_role_file_is_named_with_its_place)
{
    const std::string said = complaint("roles:\n  operator: [execute:run, execute:walk]\n  sre: ops:read\n"
                                       "evidence_roots:\n  ghost: [/srv]\nextra: 1\n"
                                       "claims: {default_roles: [nobody]}\n");
    CHECK(said.find("rbac.yaml:2:27: \"execute:walk\" is no action") != said.npos);
    CHECK(said.find("rbac.yaml:3:3: must be a list") != said.npos);
    CHECK(said.find("there is no role \"ghost\"") != said.npos);
    CHECK(said.find("\"extra\" is not known here") != said.npos);
    CHECK(said.find("roles_claim_path must be") != said.npos);
    CHECK(said.find("there is no role \"nobody\"") != said.npos);
    CHECK_EQUAL("rbac.yaml:2:1"s, complaint("roles: [\n").substr(0, 13));
    CHECK(!complaint("").empty());
    CHECK(!complaint("roles: {a: []}\nroles: {b: []}\n").empty());
}

TEST(a_broken_role_file_leaves_the_last_good_one_in_force)
{
    const test::ScratchFolder folder;
    const std::string path = folder / "rbac.yaml";
    CHECK_THROWS(ConfigError, Access{path});
    replace_file(path, "roles: 7");
    CHECK_THROWS(ConfigError, Access{path});

    replace_file(path, roles);
    Access access{path};
    const auto digest = access.table()->digest();
    replace_file(path, "roles: {operator: [fly]}");
    CHECK_THROWS(ConfigError, static_cast<void>(access.read()));
    CHECK_EQUAL(digest, access.table()->digest());
    CHECK(access.problem().find(path + ":1:20") != std::string::npos);
    replace_file(path, "roles: {}\nclaims: {roles_claim_path: r}");
    access.replace(access.read());
    CHECK(access.problem().empty());
    CHECK(digest != access.table()->digest());
}

TEST(the_shipped_role_file_has_the_roles_of_the_contract)
{
    const auto table = AccessTable::parse(read_file("config/rbac.yaml"), "rbac.yaml");
    CHECK_EQUAL(std::size_t{7}, granted(table, {"operator"}).allowed.count());
    CHECK(!granted(table, {"operator"}).may(Permission::templates_write));
    CHECK_EQUAL(std::size_t{3}, granted(table, {"auditor"}).allowed.count());
    CHECK_EQUAL(std::size_t{2}, granted(table, {"template-author"}).allowed.count());
    CHECK(granted(table, {"sre"}).may(Permission::ops_write));
    CHECK(table.roles_of(Json::object()).empty());
}
