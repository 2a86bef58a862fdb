// Who comes in: tokens of every accepted kind, and all that must not.
#include "auth/authenticate.h"

#include "tests/unit/auth_fixture.h"

using namespace forge;
using namespace forge::test;

namespace {

std::string detail(const std::string& token, KeyRing& keys)
{
    return refused(with("Bearer " + token), config(), keys).detail;
}

}

TEST(a_token_of_each_accepted_kind_names_its_caller)
{
    for (const auto signature : {Signature::rs256, Signature::ps256, Signature::es256, Signature::eddsa}) {
        KeyRing keys;
        give(keys, test::key_set_text({maker(signature).jwk("k1")}));
        const Request request = with("bearer " + maker(signature).sign(claims(), "k1"));
        const Caller caller = authenticate(request, config(), access(), keys, moment);
        CHECK_EQUAL("ada"s, caller.sub);
        CHECK_EQUAL("k1"s, caller.kid);
        CHECK_EQUAL("https://id.example/"s, caller.iss);
        CHECK(caller.may(Permission::ledger_read) && !caller.may(Permission::execute_run));
    }
}

TEST(a_token_that_was_changed_or_signed_by_another_key_is_refused)
{
    KeyRing keys;
    give(keys, test::key_set_text({maker(Signature::es256).jwk("k1")}));
    const std::string good = maker(Signature::es256).sign(claims(), "k1");
    std::string changed = good;
    const std::string others = base64url(dump(claims(Json::object({{"sub", "eve"}}))));
    changed.replace(good.find('.') + 1, good.rfind('.') - good.find('.') - 1, others);
    CHECK_EQUAL(""s, detail(good, keys));
    CHECK_EQUAL("bad signature"s, detail(changed, keys));
    CHECK_EQUAL("bad signature"s, detail(TokenMaker{Signature::es256}.sign(claims(), "k1"), keys));
    CHECK_EQUAL("no signature"s, detail(good.substr(0, good.rfind('.') + 1), keys));
    CHECK_EQUAL("bad signature"s, detail(good.substr(0, good.rfind('.') + 1) + base64url(std::string(64, '\0')), keys));
}

TEST(the_key_decides_the_algorithm)
{
    KeyRing keys;
    give(keys, test::key_set_text({maker(Signature::rs256).jwk("k1")}));
    const Json header = Json::object({{"alg", "PS256"}, {"kid", "k1"}});
    CHECK_EQUAL("algorithm is not the key's"s, detail(maker(Signature::rs256).sign_with(header, claims()), keys));
    const Request request = with("Bearer " + maker(Signature::rs256).sign(claims(), "k1"));
    CHECK_EQUAL("algorithm is not accepted"s, refused(request, config({{"OIDC_ALGORITHMS", "ES256"}}), keys).detail);
}

TEST(missing_and_misplaced_tokens_have_their_answers)
{
    KeyRing keys;
    const Refused missing = refused(with(""), config(), keys);
    CHECK_EQUAL(401, missing.status);
    CHECK_EQUAL("missing_bearer"s, missing.code);
    Request request = with("");
    request.query = "access_token=abc";
    CHECK_EQUAL("invalid_token"s, refused(request, config(), keys).code);
}

TEST(what_is_wrong_with_the_claims_is_said_without_any_key)
{
    int wanted = 0;
    KeyRing keys{[&] { ++wanted; }};
    const Json expired = claims(Json::object({{"exp", 1}}));
    CHECK_EQUAL("expired"s, detail(maker(Signature::es256).sign(expired, "k1"), keys));
    CHECK_EQUAL(0, wanted);
}

TEST(keys_that_cannot_be_had_are_503_and_a_malformed_token_is_still_401)
{
    KeyRing keys;
    const std::string token = maker(Signature::es256).sign(claims(), "k1");
    CHECK_EQUAL(503, refused(with("Bearer " + token), config(), keys).status);
    CHECK_EQUAL("keys_unavailable"s, refused(with("Bearer " + token), config(), keys).code);
    CHECK_EQUAL("keys_unavailable"s, refused(with("Bearer " + token), Config{given_settings({})}, keys).code);
    CHECK_EQUAL("invalid_token"s, refused(with("Bearer nonsense"), Config{given_settings({})}, keys).code);
}

TEST(the_bypass_lets_in_loopback_peers_with_a_loopback_host_only)
{
    KeyRing keys;
    const Config development{given_settings({{"AUTH_DEV_BYPASS", "1"}, {"FORGE_ENV", "development"}})};
    const Caller caller = authenticate(with(""), development, access(), keys, moment);
    CHECK_EQUAL("dev-bypass"s, caller.sub);
    CHECK(caller.iss.empty() && caller.may(Permission::execute_run));

    Request remote = with("");
    remote.address = "192.0.2.1";
    CHECK_EQUAL("missing_bearer"s, refused(remote, development, keys).code);
    Request rebound = with("");
    rebound.host = "evil.example:3000";
    CHECK_EQUAL("missing_bearer"s, refused(rebound, development, keys).code);
    CHECK_EQUAL("missing_bearer"s, refused(with(""), Config{given_settings({{"AUTH_DEV_BYPASS", "1"}})}, keys).code);
}

TEST(under_the_bypass_a_token_is_judged_once_there_is_an_issuer)
{
    KeyRing keys;
    give(keys, test::key_set_text({maker(Signature::es256).jwk("k1")}));
    const Config settings = config({{"AUTH_DEV_BYPASS", "1"}, {"FORGE_ENV", "development"}});
    const Request request = with("Bearer " + maker(Signature::es256).sign(claims(), "k1"));
    CHECK_EQUAL("ada"s, authenticate(request, settings, access(), keys, moment).sub);
    CHECK_EQUAL("invalid_token"s, refused(with("Bearer x"), settings, keys).code);
    CHECK_EQUAL("dev-bypass"s, authenticate(with(""), settings, access(), keys, moment).sub);
}

// What is remembered of a token is its signature: every rule is held against it each time.
TEST(a_token_that_was_accepted_before_is_refused_as_soon_as_anything_speaks_against_it)
{
    KeyRing keys;
    give(keys, test::key_set_text({maker(Signature::rs256).jwk("k1")}));
    const Request request = with("Bearer " + maker(Signature::rs256).sign(claims(), "k1"));
    const auto said = [&](const Config& settings, Now now) {
        try {
            return authenticate(request, settings, access(), keys, now).sub;
        } catch (const Refusal& refusal) {
            return std::string{refusal.what()};
        }
    };
    CHECK_EQUAL("ada"s, said(config(), moment));
    CHECK_EQUAL("ada"s, said(config(), moment));
    const Now later{moment.wall + std::chrono::seconds{301}, moment.steady};
    CHECK_EQUAL("expired"s, said(config(), later));
    CHECK_EQUAL("wrong audience"s, said(config({{"OIDC_AUDIENCE", "other"}}), moment));
    CHECK_EQUAL("wrong issuer"s, said(config({{"OIDC_ISSUER", "https://other.example/"}}), moment));
    CHECK_EQUAL("algorithm is not accepted"s, said(config({{"OIDC_ALGORITHMS", "ES256"}}), moment));
    const AccessTable other = AccessTable::parse(
        "roles: {auditor: [execute:run]}\nclaims: {roles_claim_path: roles}", "rbac.yaml");
    CHECK(!authenticate(request, config(), other, keys, moment).may(Permission::ledger_read));
    keys.clear();
    give(keys, test::key_set_text({TokenMaker{Signature::rs256}.jwk("k1")}));
    CHECK_EQUAL("bad signature"s, said(config(), moment));
    keys.clear();
    give(keys, test::key_set_text({maker(Signature::rs256).jwk("k2")}));
    CHECK(said(config(), moment) != "ada");
}
