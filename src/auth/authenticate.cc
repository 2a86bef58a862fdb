// Who sends a request.
#include "auth/authenticate.h"

#include "auth/token.h"
#include "base/text.h"

namespace forge {

namespace {

constexpr const char* realm = "Bearer realm=\"vaultmesh-forge\"";

Refusal missing_bearer()
{
    Refusal refusal{401, "missing_bearer", "the request has no bearer token"};
    refusal.headers.emplace_back("www-authenticate", realm);
    return refusal;
}

Refusal invalid_token(Reason reason)
{
    const std::string text{text_of(reason)};
    Refusal refusal{401, "invalid_token", text};
    const std::string why = ", error=\"invalid_token\", error_description=\"" + text + "\"";
    refusal.headers.emplace_back("www-authenticate", realm + why);
    return refusal;
}

Refusal keys_unavailable(const char* why)
{
    Refusal refusal{503, "keys_unavailable", why};
    refusal.headers.emplace_back("retry-after", "2");
    return refusal;
}

bool is_loopback_address(std::string_view address)
{
    return address.starts_with("127.") || address == "::1" || address == "::ffff:127.0.0.1";
}

bool may_bypass(const Request& request, const Config& config)
{
    return config.bypass_is_honoured() && is_local(request);
}

Caller bypass(const AccessTable& access)
{
    Caller caller;
    caller.sub = "dev-bypass";
    access.grant(caller, {"operator"});
    return caller;
}

/// Holds the token against the issuer's key that it names; throws what is wrong.
void verify(const Token& token, const Config& config, KeyRing& keys, SteadyTime now)
{
    const auto signature = signature_named(token.algorithm);
    if (!signature)
        throw invalid_token(Reason::algorithm);
    const auto found = keys.find_or_wait(token.kid, *signature, config.keys_max_age, now);
    if (found.finding == KeyRing::Finding::unavailable)
        throw keys_unavailable("the issuer's keys cannot be had now");
    if (found.finding == KeyRing::Finding::unknown)
        throw invalid_token(Reason::unknown_key);
    if (!found.key->fits(*signature))
        throw invalid_token(Reason::key_algorithm);
    if (!found.set->verifies(*found.key, *signature, token.signed_part, token.signature))
        throw invalid_token(Reason::bad_signature);
}

}

bool is_local(const Request& request)
{
    return is_loopback_address(request.address) && is_loopback_host(request.host);
}

void refuse_token_in_query(const Request& request)
{
    if (query_has_token(request.query))
        throw invalid_token(Reason::in_query);
}

Caller authenticate(const Request& request, const Config& config, const AccessTable& access, KeyRing& keys, Now now)
{
    refuse_token_in_query(request);
    const auto bearer = bearer_of(request.authorization);
    if (may_bypass(request, config) && (!bearer || config.issuer.empty()))
        return bypass(access);
    if (!bearer)
        throw missing_bearer();
    const auto parsed = parse_token(*bearer, config.token_algorithms);
    if (const auto* const reason = std::get_if<Reason>(&parsed))
        throw invalid_token(*reason);
    const Token& token = std::get<Token>(parsed);
    if (config.issuer.empty())
        throw keys_unavailable("no issuer is configured");
    // Before the key is looked for: what is wrong anyway makes nobody fetch keys.
    const ClaimRules rules{config.issuer, config.audience, std::chrono::seconds{config.token_leeway_seconds}};
    if (const Reason reason = claims_problem(token.claims, rules, now.wall); reason != Reason::none)
        throw invalid_token(reason);
    verify(token, config, keys, now.steady);
    Caller caller;
    caller.iss = config.issuer;
    caller.sub = token.claims["sub"].as_text();
    caller.kid = token.kid;
    access.grant(caller, access.roles_of(token.claims));
    return caller;
}

Refusal forbidden(Permission needed)
{
    Json need = Json::array();
    need.append(name_of(needed));
    return {403, "forbidden", "the caller's roles do not allow this", {}, Json::object({{"need", need}})};
}

}
