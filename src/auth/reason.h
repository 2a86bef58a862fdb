// Why a token is refused: every reason once, in the words of the answer's detail, the log and the metric.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace forge {

enum class Reason {
    none,   // it is not refused
    in_query,
    too_long,
    encrypted,
    not_three_parts,
    header_encoding,
    header_form,
    header_repeats,
    claims_encoding,
    claims_form,
    claims_repeat,
    signature_encoding,
    no_signature,
    crit,
    jku,
    x5u,
    jwk,
    b64,
    algorithm,
    typ,
    kid,
    unknown_key,
    key_algorithm,
    bad_signature,
    issuer,
    audience,
    no_expiry,
    expiry_form,
    expired,
    not_before_form,
    not_yet,
    issued_form,
    issued_in_future,
    id_form,
    subject
};

constexpr std::array<std::pair<Reason, std::string_view>, 34> reasons{{
    {Reason::in_query, "a token in the query string is not accepted"},
    {Reason::too_long, "longer than 16 KiB"},
    {Reason::encrypted, "encrypted, not signed"},
    {Reason::not_three_parts, "not three parts"},
    {Reason::header_encoding, "header is not base64url"},
    {Reason::header_form, "header is no JSON object"},
    {Reason::header_repeats, "header has a member twice"},
    {Reason::claims_encoding, "claims are not base64url"},
    {Reason::claims_form, "claims are no JSON object"},
    {Reason::claims_repeat, "claims have a member twice"},
    {Reason::signature_encoding, "signature is not base64url"},
    {Reason::no_signature, "no signature"},
    {Reason::crit, "header crit is not accepted"},
    {Reason::jku, "header jku is not accepted"},
    {Reason::x5u, "header x5u is not accepted"},
    {Reason::jwk, "header jwk is not accepted"},
    {Reason::b64, "header b64 is not accepted"},
    {Reason::algorithm, "algorithm is not accepted"},
    {Reason::typ, "typ is no text"},
    {Reason::kid, "kid is no text"},
    {Reason::unknown_key, "unknown key"},
    {Reason::key_algorithm, "algorithm is not the key's"},
    {Reason::bad_signature, "bad signature"},
    {Reason::issuer, "wrong issuer"},
    {Reason::audience, "wrong audience"},
    {Reason::no_expiry, "no expiry"},
    {Reason::expiry_form, "exp is no time"},
    {Reason::expired, "expired"},
    {Reason::not_before_form, "nbf is no time"},
    {Reason::not_yet, "not valid yet"},
    {Reason::issued_form, "iat is no time"},
    {Reason::issued_in_future, "issued in the future"},
    {Reason::id_form, "jti is no text"},
    {Reason::subject, "no subject"},
}};

/// Never anything of the token itself; empty for none.
constexpr std::string_view text_of(Reason reason)
{
    const auto* const at = std::ranges::find(reasons, reason, &std::pair<Reason, std::string_view>::first);
    return at == reasons.end() ? std::string_view{} : at->second;
}

}
