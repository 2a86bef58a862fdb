// Tokens from an issuer: what is asked, and what is done with each answer.
#include "auth/token_endpoint.h"

#include <vector>

#include "base/text.h"
#include "tests/unit/test.h"

using namespace forge;
using namespace std::chrono_literals;

namespace {

/// An issuer that gives these answers, one after the other, and remembers what it was asked.
struct Issuer {
    std::string methods = R"(["client_secret_basic"])";
    std::vector<WebAnswer> answers{};
    std::vector<WebRequest> asked{};
    std::vector<std::chrono::seconds> pauses{};

    WebAnswer send(const WebRequest& request)
    {
        if (request.url == "https://id.example/.well-known/openid-configuration")
            return {200, {}, R"({"issuer":"https://id.example/","token_endpoint":"https://id.example/token",)"
                                 R"("device_authorization_endpoint":"https://id.example/device",)"
                                 R"("token_endpoint_auth_methods_supported":)" + methods + "}"};
        asked.push_back(request);
        if (asked.size() > answers.size())
            throw WebError("timeout");
        return answers[asked.size() - 1];
    }

    TokenEndpoint endpoint(std::string secret = "s&cret")
    {
        return {[this](const WebRequest& request) { return send(request); },
                {.issuer = "https://id.example/", .id = "a b", .secret = Secret{std::move(secret)}, .scopes = "x y", .resource = "urn:forge"}};
    }

    std::string refused_by_device(const DeviceCode& code)
    {
        try {
            endpoint("").by_device_code(code, [this](std::chrono::seconds pause) { pauses.push_back(pause); });
        } catch (const TokenRefused& refused) {
            return refused.code;
        }
        return "";
    }
};

WebAnswer no(const std::string& code)
{
    return {400, {}, R"({"error":")" + code + R"(","error_description":"planted"})"};
}

const WebAnswer yes{200, {}, R"({"access_token":"t1","token_type":"Bearer","expires_in":60,"refresh_token":"r1"})"};
const DeviceCode device{"dc", "AB-CD", "https://id.example/go", "", 5s, 60s};

}

TEST(a_secret_goes_into_the_header_where_the_issuer_takes_it_there)
{
    Issuer issuer{.answers = {yes}};
    const Granted granted = issuer.endpoint().by_client_credentials();
    CHECK_EQUAL("t1"s, granted.access_token);
    CHECK_EQUAL("r1"s, granted.refresh_token);
    CHECK(granted.expires && *granted.expires > wall_now() + 50s);
    CHECK_EQUAL("Basic " + base64("a%20b:s%26cret"), issuer.asked[0].headers.at("Authorization"));
    CHECK_EQUAL("grant_type=client_credentials&scope=x%20y&resource=urn%3aforge"s, issuer.asked[0].body);
}

TEST(a_secret_goes_into_the_body_where_the_issuer_wants_that)
{
    Issuer issuer{.methods = R"(["client_secret_post"])", .answers = {yes}};
    issuer.endpoint().by_client_credentials();
    CHECK(issuer.asked[0].headers.count("Authorization") == 0);
    CHECK(issuer.asked[0].body.ends_with("&client_id=a%20b&client_secret=s%26cret"));
}

TEST(a_device_is_patient_as_the_issuer_wants_it)
{
    Issuer issuer{.answers = {no("authorization_pending"), no("slow_down"), no("authorization_pending"), yes}};
    const Granted granted =
        issuer.endpoint("").by_device_code(device, [&](std::chrono::seconds pause) { issuer.pauses.push_back(pause); });
    CHECK_EQUAL("t1"s, granted.access_token);
    CHECK((issuer.pauses == std::vector{5s, 5s, 10s, 10s}));
    CHECK(issuer.asked[0].body.find("device_code=dc") != std::string::npos);
    CHECK(issuer.asked[0].body.find("client_id=a%20b") != std::string::npos);
}

TEST(a_device_waits_longer_while_nobody_answers_and_gives_up_with_its_code)
{
    Issuer issuer;
    CHECK_EQUAL("expired_token"s, issuer.refused_by_device(device));
    CHECK((issuer.pauses == std::vector{5s, 10s, 20s}));
}

TEST(a_no_of_the_person_ends_the_waiting)
{
    Issuer issuer{.answers = {no("access_denied")}};
    CHECK_EQUAL("access_denied"s, issuer.refused_by_device(device));
    CHECK_EQUAL(std::size_t{1}, issuer.pauses.size());
}

TEST(nothing_that_an_issuer_writes_is_in_a_message)
{
    for (const WebAnswer& bad : {no("planted refusal"), no("invalid_client"), WebAnswer{200, {}, "planted"}, WebAnswer{500, {}, "planted"},
                                 WebAnswer{200, {}, R"({"access_token":"planted","token_type":"mac"})"},
                                 WebAnswer{200, {}, R"({"access_token":"planted\r\nx: y","token_type":"bearer"})"}}) {
        Issuer issuer{.answers = {bad}};
        try {
            issuer.endpoint().by_client_credentials();
            CHECK(false);
        } catch (const Error& error) {
            CHECK(std::string{error.what()}.find("planted") == std::string::npos);
        }
    }
}

TEST(a_code_is_shown_only_when_it_is_plain_text)
{
    Issuer good{.answers = {{200, {}, R"({"device_code":"d","user_code":"AB","verification_uri":"https://id.example/go","expires_in":9})"}}};
    const DeviceCode code = good.endpoint("").device_code();
    CHECK_EQUAL("AB"s, code.user_code);
    CHECK(code.interval == 5s && code.lifetime == 9s);
    Issuer bad{.answers = {{200, {}, R"({"device_code":"d","user_code":"\u001b[2J","verification_uri":"https://id.example/go"})"}}};
    CHECK_THROWS(Error, bad.endpoint("").device_code());
}
