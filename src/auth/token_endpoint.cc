// The token endpoint's client.
#include "auth/token_endpoint.h"

#include <algorithm>

#include "auth/discovery.h"
#include "base/text.h"
#include "lib/json.h"

namespace forge {

namespace {

constexpr const char* device_grant = "urn:ietf:params:oauth:grant-type:device_code";
constexpr std::chrono::seconds slower{5};           // RFC 8628 section 3.5
constexpr std::chrono::seconds longest_pause{60};
constexpr std::int64_t most_seconds = 365L * 86'400;

bool is_error_code(std::string_view text)
{
    const auto may_stand = [](unsigned char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, may_stand);
}

// RFC 6749 section 5.1: a token that goes into a header, and nothing that could be more.
bool is_token(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c < 0x7f; });
}

bool is_shown(std::string_view text)
{
    return !text.empty() && text.size() <= 2048 && std::ranges::all_of(text, [](unsigned char c) { return c >= ' ' && c < 0x7f; });
}

std::chrono::seconds seconds_of(const Json& json, std::int64_t otherwise)
{
    return std::chrono::seconds{std::clamp<std::int64_t>(json.as_integer(otherwise), 1, most_seconds)};
}

Json json_of(const WebAnswer& answer)
try {
    return parse_json(answer.body);
} catch (const Error&) {
    return {};
}

Json must_be_good(const WebAnswer& answer, const std::string& url)
{
    const Json json = json_of(answer);
    if (answer.status == 200 && json.is_object())
        return json;
    if (is_error_code(json["error"].as_text()))
        throw TokenRefused(std::string{json["error"].as_text()});
    throw Error(url + " answered " + std::to_string(answer.status) + ", and not as OAuth 2.0 has it");
}

bool secret_must_be_in_body(const Json& methods)
{
    const auto has = [&](std::string_view name) {
        return std::ranges::any_of(methods.items(), [&](const Json& method) { return method.as_text() == name; });
    };
    return !has("client_secret_basic") && has("client_secret_post");
}

}

TokenRefused::TokenRefused(const std::string& code_) : Error("the issuer refuses: " + code_), code(code_) {}

TokenEndpoint::TokenEndpoint(Send send, OauthClient client) : send_(std::move(send)), client_(std::move(client))
{
    const std::string url = discovery_url(client_.issuer);
    const WebAnswer answer = send_({.url = url, .headers = {{"Accept", "application/json"}}, .body = {}, .deadline = issuer_deadline,
                                    .longest_answer = largest_issuer_answer, .progress = {}});
    if (answer.status != 200)
        throw Error(url + " answers " + std::to_string(answer.status));
    token_url_ = endpoint_in(answer.body, client_.issuer, "token_endpoint");
    const Json document = parse_json(answer.body);
    if (document["device_authorization_endpoint"])
        device_url_ = endpoint_in(answer.body, client_.issuer, "device_authorization_endpoint");
    secret_in_body_ = secret_must_be_in_body(document["token_endpoint_auth_methods_supported"]);
}

Granted TokenEndpoint::by_client_credentials()
{
    return granted({{"grant_type", "client_credentials"}, {"scope", client_.scopes}, {"resource", client_.resource}});
}

Granted TokenEndpoint::by_refresh(const std::string& refresh_token)
{
    return granted({{"grant_type", "refresh_token"}, {"refresh_token", refresh_token}, {"resource", client_.resource}});
}

DeviceCode TokenEndpoint::device_code()
{
    if (device_url_.empty())
        throw Error("the issuer " + client_.issuer + " has no device_authorization_endpoint");
    const WebAnswer answer = post(device_url_, {{"scope", client_.scopes}, {"resource", client_.resource}});
    const Json json = must_be_good(answer, device_url_);
    DeviceCode code{std::string{json["device_code"].as_text()}, std::string{json["user_code"].as_text()},
                    std::string{json["verification_uri"].as_text()}};
    if (code.code.empty() || !is_shown(code.user_code) || !is_shown(code.url))
        throw Error(device_url_ + " answered without device_code, user_code or verification_uri");
    if (const auto complete = json["verification_uri_complete"].as_text(); is_shown(complete))
        code.complete_url = complete;
    code.interval = std::min(seconds_of(json["interval"], 5), longest_pause);
    code.lifetime = seconds_of(json["expires_in"], 600);
    return code;
}

Granted TokenEndpoint::by_device_code(const DeviceCode& code, const Pause& pause)
{
    std::chrono::seconds interval = code.interval;
    for (std::chrono::seconds waited{0}; waited < code.lifetime; waited += interval) {
        pause(interval);
        try {
            return granted({{"grant_type", device_grant}, {"device_code", code.code}, {"resource", client_.resource}});
        } catch (const TokenRefused& refused) {
            if (refused.code == "slow_down")
                interval = std::min(interval + slower, longest_pause);
            else if (refused.code != "authorization_pending")
                throw;
        } catch (const WebError&) {
            interval = std::min(interval * 2, longest_pause);
        }
    }
    throw TokenRefused("expired_token");
}

Granted TokenEndpoint::granted(Fields fields)
{
    const WallTime asked = wall_now();
    const Json json = must_be_good(post(token_url_, std::move(fields)), token_url_);
    Granted granted{std::string{json["access_token"].as_text()}, std::string{json["refresh_token"].as_text()}};
    if (!is_token(granted.access_token) || !equal_ignoring_case(json["token_type"].as_text(), "bearer"))
        throw Error(token_url_ + " answered without a bearer token");
    if (json["expires_in"].is_integer())
        granted.expires = asked + seconds_of(json["expires_in"], 0);
    return granted;
}

// RFC 6749 section 2.3.1: in the header where the issuer takes it there.
WebAnswer TokenEndpoint::post(const std::string& url, Fields fields)
{
    WebRequest request{.method = "POST", .url = url, .headers = {{"Accept", "application/json"}}, .body = {},
                       .longest_answer = largest_issuer_answer, .progress = {}};
    request.headers["Content-Type"] = "application/x-www-form-urlencoded";
    const std::string secret{client_.secret.reveal()};
    if (secret.empty() || secret_in_body_)
        fields.emplace_back("client_id", client_.id);
    if (!secret.empty() && secret_in_body_)
        fields.emplace_back("client_secret", secret);
    if (!secret.empty() && !secret_in_body_)
        request.headers["Authorization"] = "Basic " + base64(url_encode(client_.id) + ":" + url_encode(secret));
    for (const auto& [name, value] : fields)
        if (!value.empty())
            request.body += (request.body.empty() ? "" : "&") + name + "=" + url_encode(value);
    return send_(request);
}

}
