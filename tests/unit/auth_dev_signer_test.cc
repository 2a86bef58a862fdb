// The development signer: its tokens are such as we accept, with the keys that it shows.
#include "auth/dev_signer.h"

#include <sys/stat.h>

#include <thread>

#include "auth/token.h"
#include "os/file.h"
#include "tests/unit/auth_fixture.h"

using namespace forge;
using namespace forge::test;

TEST(what_the_development_signer_signs_is_accepted_with_its_key_set)
{
    const ScratchFolder scratch;
    const DevSigner signer{scratch / "key.pem"};
    KeyRing keys;
    give(keys, signer.key_set());
    const AccessTable table = AccessTable::parse(
        "roles: {operator: [execute:run], auditor: [ledger:read]}\nclaims: {roles_claim_path: \"https://vaultmesh/roles\"}", "rbac.yaml");
    const auto caller = [&](const DevSigner::Subject& subject) {
        return authenticate(with("Bearer " + signer.token(subject, moment.wall)), config(), table, keys, moment);
    };
    const Caller standard = caller({"https://id.example/", "forge"});
    CHECK_EQUAL("dev-ci"s, standard.sub);
    CHECK(standard.kid.starts_with("dev-") && standard.may(Permission::execute_run) && standard.may(Permission::ledger_read));
    const Caller auditor = caller({"https://id.example/", "forge", "ada", {"auditor"}});
    CHECK_EQUAL("ada"s, auditor.sub);
    CHECK(!auditor.may(Permission::execute_run) && auditor.may(Permission::ledger_read));
}

TEST(a_token_of_the_development_signer_expires_after_five_minutes)
{
    const ScratchFolder scratch;
    const DevSigner signer{scratch / "key.pem"};
    const std::string token = signer.token({"https://id.example/", "forge"}, moment.wall);
    const auto parsed = parse_token(token, {"RS256"});
    const Token& signed_token = std::get<Token>(parsed);
    CHECK_EQUAL(unix_millis(moment.wall) / 1000 + 300, static_cast<long long>(signed_token.claims["exp"].as_integer()));
    CHECK_EQUAL("RS256"s, signed_token.algorithm);
}

TEST(the_key_of_the_development_signer_is_made_once_and_is_its_owner_s_alone)
{
    const ScratchFolder scratch;
    std::array<std::string, 4> sets;
    {
        std::vector<std::jthread> workers;
        for (std::string& set : sets)
            workers.emplace_back([&] { set = DevSigner{scratch / "key.pem"}.key_set(); });
    }
    for (const std::string& set : sets)
        CHECK_EQUAL(sets[0], set);
    CHECK_EQUAL(sets[0], DevSigner{scratch / "key.pem"}.key_set());
    struct stat status {};
    CHECK_EQUAL(0, ::stat((scratch / "key.pem").c_str(), &status));
    CHECK_EQUAL(0600U, status.st_mode & 07777U);
    CHECK_EQUAL(std::size_t{1}, names_in(scratch.path()).size());
    CHECK(sets[0].find("\"d\"") == std::string::npos);   // nothing private
}

TEST(a_key_file_that_holds_no_rsa_key_is_named)
{
    const ScratchFolder scratch;
    replace_file(scratch / "key.pem", "no key");
    try {
        DevSigner{scratch / "key.pem"};
        CHECK(false);
    } catch (const std::exception& error) {
        CHECK(describe(error).find(scratch / "key.pem") != std::string::npos);
    }
}
