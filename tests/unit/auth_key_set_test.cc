// Key sets: what is taken, what is left out.
#include "auth/key_set.h"

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

TEST(a_signature_that_was_good_stays_good_and_vouches_for_no_other)
{
    const TokenMaker maker{Signature::rs256};
    const KeySet set = KeySet::parse(key_set_text({maker.jwk("k1"), maker.jwk("k2")}));
    const VerificationKey& key = *set.find("k1", Signature::rs256);
    const std::string token = maker.sign(Json::object({{"sub", "ada"}}), "k1");
    const std::string message = token.substr(0, token.rfind('.'));
    const std::string good = from_base64url(token.substr(token.rfind('.') + 1)).value();
    for (int time = 0; time < 2; ++time) {
        CHECK(set.verifies(key, Signature::rs256, message, good));
        CHECK(!set.verifies(key, Signature::ps256, message, good));
        CHECK(!set.verifies(key, Signature::rs256, message + "x", good));
        CHECK(!set.verifies(key, Signature::rs256, message.substr(1), good));
        CHECK(!set.verifies(key, Signature::rs256, message + good.substr(0, 1), good.substr(1)));
        CHECK(!set.verifies(key, Signature::rs256, message, good.substr(1) + "x"));
    }
}

TEST(another_set_remembers_nothing_of_the_one_before)
{
    const TokenMaker maker{Signature::es256};
    const std::string token = maker.sign(Json::object({{"sub", "ada"}}), "k1");
    const std::string message = token.substr(0, token.rfind('.'));
    const std::string good = from_base64url(token.substr(token.rfind('.') + 1)).value();
    KeySet set = KeySet::parse(key_set_text({maker.jwk("k1")}));
    CHECK(set.verifies(*set.find("k1", Signature::es256), Signature::es256, message, good));
    set = KeySet::parse(key_set_text({TokenMaker{Signature::es256}.jwk("k1")}));
    CHECK(!set.verifies(*set.find("k1", Signature::es256), Signature::es256, message, good));
}
