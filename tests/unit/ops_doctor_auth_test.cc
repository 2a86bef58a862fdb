// What the doctor finds where nobody can sign in, and what it says to do.
#include "ops/doctor_auth.h"

#include "os/file.h"
#include "tests/unit/auth_fixture.h"

using namespace forge;
using namespace forge::test;

namespace {

const std::string role_text = "roles: {operator: [execute:run]}\nclaims: {roles_claim_path: roles}\n";

/// An installation whose issuer answers as the test says.
struct Fixture {
    ScratchFolder folder;
    std::map<std::string, std::string> settings;
    std::string discovery = R"({"issuer":"https://id.example/","jwks_uri":"https://id.example/keys"})";
    WebAnswer keys{200, {{"date", "Mon, 23 Nov 2026 12:00:00 GMT"}}, key_set_text({maker(Signature::es256).jwk("k1"), Json{7}})};
    std::string roles = role_text;
    std::optional<std::string> token = maker(Signature::es256).sign(claims(Json::object({{"roles", "operator"}})), "k1");
    WallTime now = moment.wall;

    std::vector<CheckedStep> steps() const
    {
        replace_file(folder / "rbac.yaml", roles);
        auto given = settings;
        given.insert({"VMESH_RBAC_PATH", folder / "rbac.yaml"});
        const Config config = test::config(given);
        const auto get = [this](const std::string& url) {
            if (url == "https://id.example/keys")
                return keys;
            if (!url.starts_with("https://id.example/"))
                throw WebError("cannot connect");
            return WebAnswer{200, {}, discovery};
        };
        return AuthDoctor{config, get, token, now}.steps();
    }

    /// The step that fails, with problem and remedy; "" when none does.
    std::string failure() const
    {
        const CheckedStep last = steps().back();
        return last.ok ? "" : last.name + ": " + last.found + " > " + last.remedy;
    }
    bool fails_with(const std::string& begin, const std::string& part) const
    {
        const std::string said = failure();
        CPPUNIT_ASSERT_MESSAGE(said, said.starts_with(begin) && said.find(part) != said.npos);
        CPPUNIT_ASSERT_MESSAGE(said, !token || said.find(*token) == said.npos);
        return true;
    }
    Fixture& with_claim(const char* name, const Json& value)
    {
        token = maker(Signature::es256).sign(claims(Json::object({{name, value}})), "k1");
        return *this;
    }
};

}

TEST(the_doctor_walks_every_step_where_all_is_well)
{
    Fixture fixture;
    fixture.keys.headers.clear();
    const auto steps = fixture.steps();
    CHECK_EQUAL(std::size_t{10}, steps.size());
    CHECK(steps.back().ok);
    CHECK_EQUAL("1 of 2 keys can be used"s, steps[3].found);
    CHECK_EQUAL("operator"s, steps.back().found);
    fixture.token.reset();
    CHECK_EQUAL(std::size_t{6}, fixture.steps().size());
}

TEST(the_doctor_sees_what_is_wrong_with_the_settings)
{
    Fixture fixture;
    fixture.settings = {{"AUTH_DEV_BYPASS", "1"}};
    CHECK(fixture.fails_with("bypass", "remove it"));
    fixture.settings = {{"OIDC_ISSUER", ""}, {"OIDC_AUDIENCE", ""}};
    CHECK(fixture.fails_with("issuer", "set OIDC_ISSUER"));
    fixture.settings = {{"OIDC_ISSUER", "https://id.example"}};
    CHECK(fixture.fails_with("discovery", "set OIDC_ISSUER to \"https://id.example/\", exactly"));
    fixture.settings = {{"OIDC_ISSUER", "https://elsewhere.example/"}};
    CHECK(fixture.fails_with("discovery: https://elsewhere.example/.well-known/openid-configuration: cannot connect", "curl -fsS"));
}

TEST(the_doctor_sees_what_is_wrong_with_the_issuer)
{
    Fixture fixture;
    fixture.discovery = "<html>";
    CHECK(fixture.fails_with("discovery", "OIDC_JWKS_URL"));
    fixture.discovery = R"({"issuer":"https://id.example/","jwks_uri":"http://id.example/keys"})";
    CHECK(fixture.fails_with("discovery", "neither https nor on this host"));
    fixture.discovery = Fixture{}.discovery;
    fixture.keys.status = 302;
    CHECK(fixture.fails_with("keys", "redirects are not followed"));
    fixture.keys = {200, {}, "{\"keys\":[]}"};
    CHECK(fixture.fails_with("keys: https://id.example/keys: 0 of 0 keys", "public keys for signatures"));
    fixture.keys.body = "[]";
    CHECK(fixture.fails_with("keys", "JSON Web Key Set"));
    fixture.keys = Fixture{}.keys;
    fixture.now = *parse_rfc3339("2026-11-23T12:01:01Z");
    CHECK(fixture.fails_with("clock: the issuer's clock and this one differ by 61 s", "timedatectl"));
    fixture.roles = "roles: 7\n";
    fixture.now = *parse_rfc3339("2026-11-23T12:00:30Z");
    CHECK(fixture.fails_with("role file: " + fixture.folder.path() + "/rbac.yaml:1:", "mend the file"));
}

TEST(the_doctor_sees_what_is_wrong_with_a_token)
{
    Fixture fixture;
    fixture.keys.headers.clear();
    fixture.token = "abc";
    CHECK(fixture.fails_with("token: not three parts", "get a new one"));
    CHECK(fixture.with_claim("iss", "https://id.example").fails_with("claims: wrong issuer", "the token's iss is \"https://id.example\""));
    CHECK(fixture.with_claim("aud", Json::array({"other"})).fails_with("claims: wrong audience", "[\"other\"]"));
    CHECK(fixture.with_claim("exp", 1).fails_with("claims: expired", "get a new token"));
    CHECK(fixture.with_claim("roles", "boss").fails_with("roles: the token's roles (\"boss\")", "add them there"));
    CHECK(fixture.with_claim("roles", nullptr).fails_with("roles: the token has no claim \"roles\"", "\"iss\", \"aud\", \"sub\""));
    fixture.token = maker(Signature::es256).sign(claims(), "k2");
    CHECK(fixture.fails_with("signature: unknown key \"k2\"", "does not publish the key"));
    fixture.token = TokenMaker{Signature::es256}.sign(claims(), "k1");
    CHECK(fixture.fails_with("signature: bad signature", "get a new one"));
}
