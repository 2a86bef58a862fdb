// Tokens as texts: their form and their claims.
#include "auth/token.h"

#include "base/text.h"
#include "tests/unit/test.h"

using namespace forge;

namespace {

const std::vector<std::string> algorithms{"RS256", "ES256"};

std::string token(const std::string& header, const std::string& claims, const std::string& signature = "c2ln")
{
    return base64url(header) + "." + base64url(claims) + "." + signature;
}

std::string reason(const std::string& text)
{
    const auto parsed = parse_token(text, algorithms);
    return std::holds_alternative<Reason>(parsed) ? std::string{text_of(std::get<Reason>(parsed))} : "accepted";
}

const WallTime noon = *parse_rfc3339("2026-11-23T12:00:00Z");

std::string about(const std::string& claims)
{
    const ClaimRules rules{"https://id.example/", "forge", std::chrono::seconds{60}};
    return std::string{text_of(claims_problem(parse_json(claims), rules, noon))};
}

std::string claims_with(const std::string& more)
{
    return R"({"iss":"https://id.example/","sub":"ada","aud":["x","forge"])" + more + "}";
}

std::string at(int seconds_from_noon)
{
    return std::to_string(unix_millis(noon) / 1000 + seconds_from_noon);
}

}

TEST(a_bearer_is_found_whatever_the_case_of_its_scheme)
{
    CHECK_EQUAL("a.b.c"s, std::string{bearer_of("Bearer a.b.c").value()});
    CHECK_EQUAL("a.b.c"s, std::string{bearer_of("bEARER   a.b.c ").value()});
    for (const auto* none : {"", "Bearer", "Bearer ", "Basic YTpi", "Bearera.b.c", "a.b.c"})
        CHECK(!bearer_of(none));
}

TEST(a_token_in_a_query_is_noticed)
{
    for (const auto* query :
         {"access_token=x", "a=1&ToKeN=x", "access%5Ftoken=x", "anything=eyJhbGciOi.eyJzdWIi.c2ln", "token",
          "eyJhbGciOi.eyJzdWIi.c2ln", "a=Bearer%20eyJhbGciOi.eyJzdWIi.c2ln", "a=eyJhbGciOi.eyJzdWIi.c2ln%zz"})
        CHECK(query_has_token(query));
    for (const auto* query : {"", "limit=5&filter=token", "cursor=eyJhIjoxfQ", "filter=a.b.c"})
        CHECK(!query_has_token(query));
}

TEST(a_well_formed_token_is_taken_apart)
{
    const std::string text = token(R"({"alg":"ES256","kid":"k1"})", R"({"sub":"ada"})");
    const auto parsed = std::get<Token>(parse_token(text, algorithms));
    CHECK_EQUAL("ES256"s, parsed.algorithm);
    CHECK_EQUAL("k1"s, parsed.kid);
    CHECK_EQUAL("ada"s, std::string{parsed.claims["sub"].as_text()});
    CHECK_EQUAL("sig"s, parsed.signature);
    CHECK_EQUAL(text.substr(0, text.rfind('.')), parsed.signed_part);
}

TEST(a_token_in_any_other_form_is_refused_with_its_reason)
{
    const std::string good = token(R"({"alg":"RS256"})", "{}");
    CHECK_EQUAL("accepted"s, reason(good));
    CHECK_EQUAL("not three parts"s, reason(good + "."));
    CHECK_EQUAL("not three parts"s, reason("abc"));
    CHECK_EQUAL("encrypted, not signed"s, reason(good + ".."));
    CHECK_EQUAL("signature is not base64url"s, reason(good + "="));
    CHECK_EQUAL("header is not base64url"s, reason("!" + good));
    CHECK_EQUAL("signature is not base64url"s, reason(token(R"({"alg":"RS256"})", "{}", "c2lh+")));
    CHECK_EQUAL("signature is not base64url"s, reason(token(R"({"alg":"RS256"})", "{}", "c2ln\n")));
    CHECK_EQUAL("no signature"s, reason(token(R"({"alg":"RS256"})", "{}", "")));
    CHECK_EQUAL("claims are no JSON object"s, reason(token(R"({"alg":"RS256"})", "[]")));
    CHECK_EQUAL("header has a member twice"s, reason(token(R"({"alg":"RS256","alg":"ES256"})", "{}")));
    CHECK_EQUAL("claims have a member twice"s, reason(token(R"({"alg":"RS256"})", R"({"sub":"a","sub":"b"})")));
    CHECK_EQUAL("longer than 16 KiB"s, reason(std::string(16 * 1024 + 1, 'a')));
    for (const auto* algorithm : {"none", "None", "HS256", "rs256", "", "EdDSA"})
        CHECK_EQUAL("algorithm is not accepted"s, reason(token(R"({"alg":")"s + algorithm + "\"}", "{}")));
    CHECK_EQUAL("algorithm is not accepted"s, reason(token("{}", "{}")));
    for (const auto* name : {"crit", "jku", "x5u", "jwk", "b64"})
        CHECK_EQUAL("header "s + name + " is not accepted",
                    reason(token(R"({"alg":"RS256",")"s + name + "\":null}", "{}")));
    CHECK_EQUAL("kid is no text"s, reason(token(R"({"alg":"RS256","kid":7})", "{}")));
}

TEST(claims_must_be_ours_and_hold_now)
{
    CHECK_EQUAL(""s, about(claims_with(R"(,"exp":)" + at(1))));
    CHECK_EQUAL(""s, about(claims_with(R"(,"exp":)" + at(1) + R"(.5,"nbf":)" + at(59) + R"(,"iat":)" + at(60))));
    CHECK_EQUAL("expired"s, about(claims_with(R"(,"exp":)" + at(0))));
    CHECK_EQUAL("no expiry"s, about(claims_with("")));
    CHECK_EQUAL("exp is no time"s, about(claims_with(R"(,"exp":"2099")")));
    CHECK_EQUAL("not valid yet"s, about(claims_with(R"(,"exp":)" + at(500) + R"(,"nbf":)" + at(61))));
    CHECK_EQUAL("issued in the future"s, about(claims_with(R"(,"exp":)" + at(500) + R"(,"iat":)" + at(61))));
    CHECK_EQUAL("nbf is no time"s, about(claims_with(R"(,"exp":)" + at(500) + R"(,"nbf":null)")));
}

TEST(another_issuer_or_audience_or_no_subject_is_refused)
{
    const std::string end = R"(,"exp":)" + at(100) + "}";
    CHECK_EQUAL(""s, about(R"({"iss":"https://id.example/","aud":"forge","sub":"a")" + end));
    CHECK_EQUAL("wrong issuer"s, about(R"({"iss":"https://id.example","aud":"forge","sub":"a")" + end));
    CHECK_EQUAL("wrong issuer"s, about(R"({"aud":"forge","sub":"a")" + end));
    CHECK_EQUAL("wrong audience"s, about(R"({"iss":"https://id.example/","sub":"a")" + end));
    CHECK_EQUAL("wrong audience"s, about(R"({"iss":"https://id.example/","aud":"forge2","sub":"a")" + end));
    CHECK_EQUAL("wrong audience"s, about(R"({"iss":"https://id.example/","aud":{"forge":1},"sub":"a")" + end));
    CHECK_EQUAL("no subject"s, about(R"({"iss":"https://id.example/","aud":"forge")" + end));
    const std::string endless = R"(,"sub":")" + std::string(256, 'a') + "\"";
    CHECK_EQUAL("no subject"s, about(R"({"iss":"https://id.example/","aud":"forge")" + endless + end));
}
