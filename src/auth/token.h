// Bearer tokens as texts: where a request carries one, and whether it is a JWT in the form we accept (RFC 7515, 7519).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "auth/reason.h"
#include "base/clock.h"
#include "lib/json.h"

namespace forge {

/// The token of an Authorization header ("Bearer", in any case); nothing when there is none.
std::optional<std::string_view> bearer_of(std::string_view authorization);

/// True when a query carries a token: under one of the usual names, or anything that looks like a JWT.
bool query_has_token(std::string_view query);

/// A token taken apart; nothing of it is believed yet.
struct Token {
    std::string algorithm;
    std::string kid;            // empty where the header names none
    Json claims;
    std::string signed_part;    // header.claims, as sent
    std::string signature;      // decoded
};

/// At most 16 KiB of three strict base64url parts; header and claims are JSON objects without duplicate members; the
/// algorithm is one of `algorithms`; crit, jku, x5u, jwk and b64 are refused.
std::variant<Token, Reason> parse_token(std::string_view text, const std::vector<std::string>& algorithms);

struct ClaimRules {
    std::string issuer;
    std::string audience;
    std::chrono::seconds leeway{60};   // for nbf and iat; an expired token is expired
};

/// None when the claims hold now: iss exact, aud a text or a list of texts with ours, exp in the future, nbf and iat not,
/// sub a text of at most 255 bytes, jti a text if there is one.
Reason claims_problem(const Json& claims, const ClaimRules& rules, WallTime now);

}
