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
