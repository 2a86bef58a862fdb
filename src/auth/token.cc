// Bearer tokens as texts.
#include "auth/token.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"

namespace forge {

namespace {

constexpr std::size_t largest_token_bytes = 16 * 1024;
constexpr std::size_t largest_subject_bytes = 255;   // OpenID Connect Core section 2
constexpr int deepest_claims = 32;
constexpr std::array token_parameters = {"access_token", "token", "id_token", "jwt", "bearer", "authorization"};
constexpr std::array refused_headers = {"crit", "jku", "x5u", "jwk"};

bool looks_like_token(std::string_view value)
{
    return value.starts_with("eyJ") && std::ranges::count(value, '.') == 2;
}

/// A part's JSON object; absent when it is none.
Json object_of(std::string_view part)
{
    const auto text = from_base64url(part);
    if (!text)
        return {};
    try {
        const Json value = parse_json(*text, {.depth = deepest_claims, .unique_keys = true});
        return value.is_object() ? value : Json{};
    } catch (const Error&) {
        return {};
    }
}

bool contains(const Json& audience, std::string_view ours)
{
    if (audience.is_string())
        return audience.as_text() == ours;
    const auto is_ours = [ours](const Json& item) { return item.is_string() && item.as_text() == ours; };
    return std::ranges::any_of(audience.items(), is_ours);
}

/// Seconds since 1970 (NumericDate, RFC 7519 section 2).
double seconds_of(WallTime time)
{
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

Reason time_problem(const Json& claims, double leeway, double now)
{
    const Json expires = claims["exp"];
    if (!expires.is_number())
        return "no expiry";
    if (expires.as_number() <= now)
        return "expired";
    for (const auto& [name, reason] : {std::pair{"nbf", "not valid yet"}, {"iat", "issued in the future"}}) {
        const Json from = claims[name];
        if (from && !from.is_number())
            return std::string{name} + " is no time";
        if (from && from.as_number() - leeway > now)
            return reason;
    }
    return "";
}

}

std::optional<std::string_view> bearer_of(std::string_view authorization)
{
    const auto blank = authorization.find(' ');
    if (blank == authorization.npos || !equal_ignoring_case(authorization.substr(0, blank), "bearer"))
        return std::nullopt;
    const std::string_view token = trim(authorization.substr(blank));
    return token.empty() ? std::nullopt : std::optional{token};
}

bool query_has_token(std::string_view query)
{
    return std::ranges::any_of(split(query, '&'), [](std::string_view parameter) {
        const auto equals = std::min(parameter.find('='), parameter.size());
        const std::string name = lower(url_decode(parameter.substr(0, equals)).value_or(""));
        const std::string value = url_decode(parameter.substr(std::min(equals + 1, parameter.size()))).value_or("");
        return std::ranges::count(token_parameters, name) != 0 || looks_like_token(value);
    });
}

std::variant<Token, Reason> parse_token(std::string_view text, const std::vector<std::string>& algorithms)
{
    if (text.size() > largest_token_bytes)
        return "longer than 16 KiB";
    const auto parts = split(text, '.');
    if (parts.size() != 3)
        return "not three parts";
    const Json header = object_of(parts[0]);
    const Json claims = object_of(parts[1]);
    auto signature = from_base64url(parts[2]);
    if (!header || !claims || !signature)
        return "not a JSON Web Token";
    for (const char* const name : refused_headers)
        if (header[name])
            return std::string{"header "} + name + " is not accepted";
    const std::string algorithm{header["alg"].as_text()};
    if (std::ranges::count(algorithms, algorithm) == 0)
        return "algorithm is not accepted";
    const Json kid = header["kid"];
    if (kid && !kid.is_string())
        return "kid is no text";
    return Token{algorithm, std::string{kid.as_text()}, claims, std::string{text.substr(0, text.rfind('.'))},
                 std::move(*signature)};
}

Reason claims_problem(const Json& claims, const ClaimRules& rules, WallTime now)
{
    if (!claims["iss"].is_string() || claims["iss"].as_text() != rules.issuer)
        return "wrong issuer";
    if (!contains(claims["aud"], rules.audience))
        return "wrong audience";
    if (auto reason = time_problem(claims, static_cast<double>(rules.leeway.count()), seconds_of(now)); !reason.empty())
        return reason;
    const std::string_view subject = claims["sub"].as_text();
    return subject.empty() || subject.size() > largest_subject_bytes ? "no subject" : "";
}

}
