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
constexpr double latest_time = 253'402'300'799;      // the year 9999: beyond it are milliseconds, and mistakes
constexpr std::array token_parameters = {"access_token", "token", "id_token", "jwt", "bearer", "authorization"};

/// Header members that would let a token say how it is verified (RFC 7515 section 4.1, RFC 7797).
constexpr std::pair<const char*, Reason> refused_headers[] = {
    {"crit", Reason::crit}, {"jku", Reason::jku}, {"x5u", Reason::x5u}, {"jwk", Reason::jwk}, {"b64", Reason::b64},
};

bool looks_like_token(std::string_view value)
{
    return value.starts_with("eyJ") && std::ranges::count(value, '.') == 2;
}

/// What is not well encoded counts as it stands.
std::string decoded(std::string_view text)
{
    return url_decode(text).value_or(std::string{text});
}

/// The value of a parameter, or its name where somebody forgot it.
bool holds_token(std::string_view text)
{
    return looks_like_token(bearer_of(text).value_or(trim(text)));
}

/// A part's JSON object, or what is wrong with it.
struct Part {
    Json object;
    Reason reason = Reason::none;
};

struct PartReasons {
    Reason encoding;
    Reason form;
    Reason repeats;
};
constexpr PartReasons header_reasons{Reason::header_encoding, Reason::header_form, Reason::header_repeats};
constexpr PartReasons claims_reasons{Reason::claims_encoding, Reason::claims_form, Reason::claims_repeat};

std::optional<Json> object_in(std::string_view text, bool unique_keys)
{
    try {
        const Json value = parse_json(text, {.depth = deepest_claims, .unique_keys = unique_keys});
        return value.is_object() ? std::optional{value} : std::nullopt;
    } catch (const Error&) {
        return std::nullopt;
    }
}

Part part_of(std::string_view encoded, const PartReasons& reasons)
{
    const auto text = from_base64url(encoded);
    if (!text)
        return {{}, reasons.encoding};
    if (const auto object = object_in(*text, true))
        return {*object};
    return {{}, object_in(*text, false) ? reasons.repeats : reasons.form};
}

Reason header_problem(const Json& header, const std::vector<std::string>& algorithms)
{
    for (const auto& [name, reason] : refused_headers)
        if (header[name])
            return reason;
    if (!header["alg"].is_string() || std::ranges::count(algorithms, header["alg"].as_text()) == 0)
        return Reason::algorithm;
    if (header["typ"] && !header["typ"].is_string())
        return Reason::typ;
    return header["kid"] && !header["kid"].is_string() ? Reason::kid : Reason::none;
}

bool contains(const Json& audience, std::string_view ours)
{
    if (ours.empty())
        return false;
    if (audience.is_string())
        return audience.as_text() == ours;
    const auto items = audience.is_array() ? audience.items() : std::vector<Json>{};
    const auto is_ours = [ours](const Json& item) { return item.as_text() == ours; };
    return std::ranges::all_of(items, &Json::is_string) && std::ranges::any_of(items, is_ours);
}

/// Seconds since 1970 (NumericDate, RFC 7519 section 2).
double seconds_of(WallTime time)
{
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

bool is_time(const Json& claim)
{
    return claim.is_number() && claim.as_number() <= latest_time;
}

/// A claim that may be missing, and must not be later than the time given.
Reason begin_problem(const Json& claim, double now, Reason form, Reason too_early)
{
    if (!claim)
        return Reason::none;
    if (!is_time(claim))
        return form;
    return claim.as_number() > now ? too_early : Reason::none;
}

Reason time_problem(const Json& claims, double leeway, double now)
{
    if (!claims["exp"])
        return Reason::no_expiry;
    if (!is_time(claims["exp"]))
        return Reason::expiry_form;
    if (claims["exp"].as_number() <= now)
        return Reason::expired;
    const Reason begin = begin_problem(claims["nbf"], now + leeway, Reason::not_before_form, Reason::not_yet);
    if (begin != Reason::none)
        return begin;
    return begin_problem(claims["iat"], now + leeway, Reason::issued_form, Reason::issued_in_future);
}

/// The reason that a number of parts is, three of them aside.
Reason parts_problem(std::size_t count)
{
    return count == 5 ? Reason::encrypted : Reason::not_three_parts;   // JWE: RFC 7516 section 3.1
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
        const std::string name = decoded(parameter.substr(0, equals));
        const std::string value = decoded(parameter.substr(std::min(equals + 1, parameter.size())));
        return std::ranges::count(token_parameters, lower(name)) != 0 || holds_token(name) || holds_token(value);
    });
}

std::variant<Token, Reason> parse_token(std::string_view text, const std::vector<std::string>& algorithms)
{
    if (text.size() > largest_token_bytes)
        return Reason::too_long;
    const auto parts = split(text, '.');
    if (parts.size() != 3)
        return parts_problem(parts.size());
    const Part header = part_of(parts[0], header_reasons);
    if (header.reason != Reason::none)
        return header.reason;
    if (const Reason reason = header_problem(header.object, algorithms); reason != Reason::none)
        return reason;
    const Part claims = part_of(parts[1], claims_reasons);
    if (claims.reason != Reason::none)
        return claims.reason;
    auto signature = from_base64url(parts[2]);
    if (!signature)
        return Reason::signature_encoding;
    if (signature->empty())
        return Reason::no_signature;
    return Token{std::string{header.object["alg"].as_text()}, std::string{header.object["kid"].as_text()}, claims.object,
                 std::string{text.substr(0, text.rfind('.'))}, std::move(*signature)};
}

Reason claims_problem(const Json& claims, const ClaimRules& rules, WallTime now)
{
    if (!claims["iss"].is_string() || claims["iss"].as_text() != rules.issuer)
        return Reason::issuer;
    if (!contains(claims["aud"], rules.audience))
        return Reason::audience;
    const Reason reason = time_problem(claims, static_cast<double>(rules.leeway.count()), seconds_of(now));
    if (reason != Reason::none)
        return reason;
    if (claims["jti"] && !claims["jti"].is_string())
        return Reason::id_form;
    const std::string_view subject = claims["sub"].as_text();
    return subject.empty() || subject.size() > largest_subject_bytes ? Reason::subject : Reason::none;
}

}
