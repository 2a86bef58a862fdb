// Key sets: what is taken, what is left out; and the ring that keeps them.
#include "auth/key_ring.h"

#include "base/error.h"
#include "tests/unit/test.h"
#include "tests/unit/token_maker.h"

using namespace forge;
using test::key_set_text;
using test::TokenMaker;

namespace {

const Json ec_key = TokenMaker{Signature::es256}.jwk("k1");

Json changed(const char* name, const Json& value)
{
    Json copy = ec_key.deep_copy();
    copy.set(name, value);
    return copy;
}

std::size_t accepted(const Json& jwk)
{
    return KeySet::parse(key_set_text({jwk})).size();
}

constexpr SteadyTime start{};
constexpr Millis day{86'400'000};

}

TEST(the_signatures_of_the_standards_are_verified)
{
    const auto ed = PublicKey::ed25519(*from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
    CHECK(ed->verify(Signature::eddsa, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",   // RFC 8037 A.4
                     *from_base64url("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5B"
                                     "hVsPt9g7sVvpAr_MuM0KAg")));
    const auto ec = PublicKey::p256(*from_base64url("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                                    *from_base64url("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
    CHECK(ec->verify(Signature::es256,   // RFC 7515 A.3
                     "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
                     "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
                     *from_base64url("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
                                     "pmWQxfKTUJqPP3-Kg6NU1Q")));
    CHECK(!ec->verify(Signature::rs256, "x", std::string(64, 'x')));
}

TEST(a_key_for_something_else_is_left_out)
{
    CHECK_EQUAL(std::size_t{1}, accepted(ec_key));
    CHECK_EQUAL(std::size_t{1}, accepted(changed("key_ops", Json::array({"verify"}))));
    CHECK_EQUAL(std::size_t{0}, accepted(changed("key_ops", Json::array({"sign"}))));
    CHECK_EQUAL(std::size_t{0}, accepted(changed("use", "enc")));
    CHECK_EQUAL(std::size_t{0}, accepted(changed("alg", "ES384")));
    CHECK_EQUAL(std::size_t{0}, accepted(changed("alg", "RS256")));
    CHECK_EQUAL(std::size_t{0}, accepted(changed("d", "AAAA")));
    CHECK_EQUAL(std::size_t{0}, accepted(changed("crv", "P-384")));
    CHECK_EQUAL(std::size_t{0}, accepted(changed("x", base64url(std::string(32, '\x01')))));   // not on the curve
    CHECK_EQUAL(std::size_t{0}, accepted(Json::object({{"kty", "oct"}, {"k", "c2VjcmV0"}, {"alg", "HS256"}})));
    CHECK_EQUAL(std::size_t{0}, accepted(TokenMaker{Signature::rs256, 1024}.jwk("k1")));
    CHECK_EQUAL(std::size_t{0}, accepted(7));
}

TEST(two_keys_with_one_kid_are_both_left_out)
{
    const Json other = TokenMaker{Signature::es256}.jwk("k1");
    const KeySet set = KeySet::parse(key_set_text({ec_key, other, changed("kid", "k2")}));
    CHECK_EQUAL(std::size_t{1}, set.size());
    CHECK(!set.find("k1", Signature::es256));
    CHECK(set.find("k2", Signature::es256));
}

TEST(a_token_without_a_kid_gets_the_only_key_that_fits)
{
    const KeySet set = KeySet::parse(key_set_text({ec_key, TokenMaker{Signature::eddsa}.jwk("k2")}));
    CHECK_EQUAL("k1"s, set.find("", Signature::es256)->kid);
    CHECK(!set.find("", Signature::rs256));
    const KeySet two = KeySet::parse(key_set_text({ec_key, changed("kid", "k2")}));
    CHECK(!two.find("", Signature::es256));
}

TEST(a_text_that_is_no_key_set_is_an_error)
{
    for (const auto* text : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[],"keys":[]})"})
        CHECK_THROWS(Error, KeySet::parse(text));
}

TEST(an_unknown_key_asks_for_a_fetch_and_is_unknown_only_after_it)
{
    int wanted = 0;
    KeyRing ring{[&] { ++wanted; }};
    const auto find = [&](const char* kid, int second) {
        return ring.find(kid, Signature::es256, day, start + std::chrono::seconds{second}).finding;
    };
    CHECK(find("k1", 0) == KeyRing::Finding::unavailable);
    CHECK_EQUAL(1, wanted);
    CHECK(ring.begin_fetch(start));
    CHECK(!ring.begin_fetch(start + std::chrono::seconds{60}));   // one at a time
    ring.end_fetch(KeySet::parse(key_set_text({ec_key})), start);
    CHECK(find("k1", 1) == KeyRing::Finding::found);
    CHECK(find("k2", 1) == KeyRing::Finding::unknown);   // fetched a second ago
    CHECK_EQUAL(1, wanted);
    CHECK(find("k2", 10) == KeyRing::Finding::unavailable);
    CHECK_EQUAL(2, wanted);
    CHECK(!ring.begin_fetch(start + std::chrono::seconds{9}));
    CHECK(ring.begin_fetch(start + std::chrono::seconds{10}));
}

TEST(a_failed_fetch_or_an_empty_set_leaves_the_last_good_keys_up_to_their_age)
{
    KeyRing ring;
    const auto second = [](int count) { return start + std::chrono::seconds{count}; };
    const auto find = [&](const char* kid, int at) {
        return ring.find(kid, Signature::es256, Millis{60'000}, second(at)).finding;
    };
    CHECK(ring.begin_fetch(second(0)));
    ring.end_fetch(KeySet::parse(key_set_text({ec_key})), second(0));
    CHECK(ring.begin_fetch(second(20)));
    ring.end_fetch(std::nullopt, second(20));
    CHECK(find("k1", 21) == KeyRing::Finding::found);
    CHECK(find("k2", 21) == KeyRing::Finding::unavailable);   // the issuer could not be asked
    CHECK(ring.begin_fetch(second(40)));
    ring.end_fetch(KeySet::parse(key_set_text({})), second(40));
    CHECK(find("k1", 60) == KeyRing::Finding::found);
    CHECK(find("k1", 61) == KeyRing::Finding::unavailable);
}
