// Every hostile token is refused with its own reason.
#include "tests/unit/hostile_tokens.h"

#include <iostream>
#include <set>

#include "tests/unit/auth_fixture.h"

using namespace forge;
using namespace forge::test;

namespace {

/// The answer once the keys have been fetched again, which is when an unknown key is known to be none.
Refused answer_to(const std::string& token)
{
    KeyRing keys;
    give(keys, hostile_key_set());
    const Refused first = refused(with("Bearer " + token), config(), keys);
    if (first.code != "keys_unavailable")
        return first;
    give(keys, hostile_key_set());
    return refused(with("Bearer " + token), config(), keys);
}

}

TEST(hostile_tokens_are_refused_each_with_its_reason)
{
    std::string wrong;
    for (const HostileToken& hostile : hostile_tokens()) {
        const Refused answer = answer_to(hostile.token);
        if (answer.status != 401 || answer.code != "invalid_token" || answer.detail != text_of(hostile.reason))
            wrong += hostile.what + ": " + std::to_string(answer.status) + " " + answer.detail + "\n";
    }
    CHECK_EQUAL(""s, wrong);
}

TEST(there_are_hostile_tokens_for_every_reason)
{
    std::set<Reason> seen{Reason::in_query};   // the query is not the token's
    for (const HostileToken& hostile : hostile_tokens())
        seen.insert(hostile.reason);
    for (const auto& [reason, text] : reasons)
        CPPUNIT_ASSERT_MESSAGE(std::string{text}, seen.contains(reason));
    CHECK(hostile_tokens().size() >= 200);
}

TEST(every_reason_has_words_of_its_own)
{
    std::set<std::string_view> texts;
    for (const auto& [reason, text] : reasons)
        CHECK(!text.empty() && texts.insert(text).second && text_of(reason) == text);
    CHECK(text_of(Reason::none).empty());
}

TEST(tokens_at_the_edge_of_the_rules_are_accepted)
{
    KeyRing keys;
    give(keys, hostile_key_set());
    const long now = static_cast<long>(unix_millis(moment.wall) / 1000);
    const Json edges[] = {Json::object({{"aud", Json::array({"x", "forge"})}}), Json::object({{"nbf", now + 60}}),
                          Json::object({{"iat", now + 60}}), Json::object({{"exp", 253'402'300'799}}),
                          Json::object({{"exp", static_cast<double>(now) + 60.5}}), Json::object({{"nbf", -1}, {"jti", ""}}),
                          Json::object({{"sub", std::string(255, 's')}})};
    for (const Json& edge : edges)
        CHECK_EQUAL(""s, refused(with("Bearer " + maker(Signature::es256).sign(claims(edge), "es")), config(), keys).detail);
    const std::string without_kid = maker(Signature::eddsa).sign_text(R"({"alg":"EdDSA","typ":"at+jwt"})", dump(claims()));
    CHECK_EQUAL(""s, refused(with("bearer \t" + without_kid + " "), config(), keys).detail);
}
