// Looking at what tokens need, step by step.
#include "ops/doctor_auth.h"

#include <ctime>

#include <algorithm>

#include "auth/access.h"
#include "auth/discovery.h"
#include "auth/key_set.h"
#include "auth/token.h"
#include "base/error.h"
#include "base/text.h"
#include "os/file.h"

namespace forge {

namespace {

/// A text of somebody else as it may be shown.
std::string quoted(std::string_view text) { return is_utf8(text) ? dump(Json{text}) : "(no text)"; }

/// The Date of an answer (RFC 9110 section 5.6.7); nothing where there is none.
std::optional<std::time_t> date_of(const WebAnswer& answer)
{
    const auto at = answer.headers.find("date");
    std::tm parts{};
    if (at == answer.headers.end() || ::strptime(at->second.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr)
        return std::nullopt;
    return ::timegm(&parts);
}

/// The remedies of the reasons that the settings or the clock can be the cause of; all others are the token's.
std::string remedy_of(Reason reason, const Json& claims, const Config& config)
{
    switch (reason) {
    case Reason::issuer:
        return "the token's iss is " + dump(claims["iss"]) + ", OIDC_ISSUER is " + quoted(config.issuer)
               + ": they must be the same, the slash at the end too";
    case Reason::audience:
        return "the token's aud is " + (claims["aud"] ? dump(claims["aud"]) : "missing") + ": ask the issuer for a token for "
               + quoted(config.audience) + ", or set OIDC_AUDIENCE to what it gives";
    case Reason::algorithm: return "let the issuer sign with one of OIDC_ALGORITHMS=" + join(config.token_algorithms, ",");
    case Reason::expired: return "get a new token; if it is new, this machine's clock is ahead: see timedatectl";
    case Reason::not_yet:
    case Reason::issued_in_future: return "this machine's clock is behind the issuer's: see timedatectl";
    default: return "this is no access token of your issuer, or it was changed: get a new one into the file";
    }
}

/// What the steps hand on to each other.
class Walk {
public:
    explicit Walk(const AuthDoctor& doctor) : doctor_(doctor), config_(doctor.config) {}

    std::string bypass();
    std::string issuer();
    std::string discovery();
    std::string keys();
    std::string clock();
    std::string role_file();
    std::string form();
    std::string claims();
    std::string signature();
    std::string roles();

private:
    WebAnswer fetch(const std::string& url);

    const AuthDoctor& doctor_;
    const Config& config_;
    std::string keys_url_;
    std::optional<long long> skew_;   // of the issuer's clock, in seconds
    KeySet set_;
    std::optional<AccessTable> access_;
    std::optional<Token> token_;
};

WebAnswer Walk::fetch(const std::string& url)
{
    const std::string try_it = "see why this machine cannot have it: curl -fsS " + url;
    WebAnswer answer;
    try {
        answer = doctor_.get(url);
    } catch (const WebError& error) {
        throw StepFailed{url + ": " + error.what(), try_it};
    }
    if (const auto date = date_of(answer))
        skew_ = *date - unix_millis(doctor_.now) / 1000;
    if (answer.status >= 300 && answer.status < 400)
        throw StepFailed{url + " leads elsewhere, and redirects are not followed", "set the address it leads to, OIDC_JWKS_URL or OIDC_ISSUER"};
    if (answer.status != 200)
        throw StepFailed{url + " answers " + std::to_string(answer.status), try_it};
    return answer;
}

std::string Walk::bypass()
{
    if (config_.is_production() && config_.dev_bypass)
        throw StepFailed{"AUTH_DEV_BYPASS=1 is set in production, where it is not honoured",
                     "remove it from the settings and restart the workers"};
    return config_.bypass_is_honoured() ? "on: loopback clients need no token (FORGE_ENV=development)" : "off";
}

std::string Walk::issuer()
{
    if (config_.issuer.empty())
        throw StepFailed{"OIDC_ISSUER is not set: every token is answered 503 keys_unavailable",
                     "set OIDC_ISSUER and OIDC_AUDIENCE, and restart the workers"};
    return config_.issuer + ", audience " + config_.audience;
}

std::string Walk::discovery()
{
    keys_url_ = config_.jwks_url;
    if (!keys_url_.empty())
        return "not needed: OIDC_JWKS_URL is set";
    const std::string url = discovery_url(config_.issuer);
    const WebAnswer answer = fetch(url);
    try {
        const Json document = parse_json(answer.body);
        if (const auto name = document["issuer"].as_text(); name != config_.issuer)
            throw StepFailed{url + " says that the issuer is " + quoted(name) + ", OIDC_ISSUER is " + quoted(config_.issuer),
                         "set OIDC_ISSUER to " + quoted(name) + ", exactly as it stands there, the slash at the end too"};
        keys_url_ = keys_url_in(answer.body, config_.issuer);
    } catch (const Error& error) {
        throw StepFailed{url + ": " + error.what(), "let the issuer's operator mend its document, or set OIDC_JWKS_URL"};
    }
    return "keys are at " + keys_url_;
}

std::string Walk::keys()
{
    const WebAnswer answer = fetch(keys_url_);
    std::size_t listed = 0;
    try {
        set_ = KeySet::parse(answer.body);
        listed = parse_json(answer.body)["keys"].size();
    } catch (const Error& error) {
        throw StepFailed{keys_url_ + ": " + error.what(), "is this the address of a JSON Web Key Set?"};
    }
    const std::string usable = std::to_string(set_.size()) + " of " + std::to_string(listed) + " keys can be used";
    if (set_.empty())
        throw StepFailed{keys_url_ + ": " + usable, "the issuer must publish public keys for signatures: RSA of 2048 bits and more, "
                                               "P-256 or Ed25519, each with its own kid"};
    return usable;
}

std::string Walk::clock()
{
    if (!skew_)
        return "the issuer did not say what time it is";
    if (std::abs(*skew_) > config_.token_leeway_seconds)
        throw StepFailed{"the issuer's clock and this one differ by " + std::to_string(std::abs(*skew_)) + " s, OIDC_LEEWAY_SECONDS is "
                         + std::to_string(config_.token_leeway_seconds),
                     "set this machine's clock by a time server: timedatectl set-ntp true"};
    return "differs from the issuer's by " + std::to_string(std::abs(*skew_)) + " s";
}

std::string Walk::role_file()
{
    try {
        access_ = AccessTable::parse(read_file(config_.rbac_path), config_.rbac_path);
    } catch (const Error& error) {
        throw StepFailed{error.what(), "mend the file that VMESH_RBAC_PATH names; until then the last good one holds, or nothing starts"};
    }
    return config_.rbac_path + ", roles are in the claim " + quoted(access_->claim_path());
}

std::string Walk::form()
{
    auto parsed = parse_token(*doctor_.token, config_.token_algorithms);
    if (const auto* const reason = std::get_if<Reason>(&parsed))
        throw StepFailed{std::string{text_of(*reason)}, remedy_of(*reason, {}, config_)};
    token_ = std::get<Token>(std::move(parsed));
    return token_->algorithm + (token_->kid.empty() ? ", without a kid" : ", key " + quoted(token_->kid));
}

std::string Walk::claims()
{
    const ClaimRules rules{config_.issuer, config_.audience, std::chrono::seconds{config_.token_leeway_seconds}};
    const Reason reason = claims_problem(token_->claims, rules, doctor_.now);
    if (reason != Reason::none)
        throw StepFailed{std::string{text_of(reason)}, remedy_of(reason, token_->claims, config_)};
    return "of " + quoted(token_->claims["sub"].as_text()) + ", for "
           + std::to_string(static_cast<long long>(token_->claims["exp"].as_number()) - unix_millis(doctor_.now) / 1000) + " s more";
}

std::string Walk::signature()
{
    const auto signature = signature_named(token_->algorithm);
    const VerificationKey* const key = set_.find(token_->kid, *signature);
    if (key == nullptr)
        throw StepFailed{std::string{text_of(Reason::unknown_key)} + " " + quoted(token_->kid),
                     "the issuer does not publish the key that signed it (or one we cannot use): get a new token"};
    const Reason reason = !key->fits(*signature) ? Reason::key_algorithm
                          : key->key.verify(*signature, token_->signed_part, token_->signature) ? Reason::none : Reason::bad_signature;
    if (reason != Reason::none)
        throw StepFailed{std::string{text_of(reason)}, remedy_of(reason, token_->claims, config_)};
    return "good";
}

std::string Walk::roles()
{
    const auto named = access_->roles_of(token_->claims);
    Caller caller;
    access_->grant(caller, named);
    if (!caller.roles.empty())
        return join(caller.roles, ", ");
    if (!named.empty())
        throw StepFailed{"the token's roles (" + quoted(join(named, ", ")) + ") are not in " + config_.rbac_path,
                     "add them there under \"roles\" and reload, or give the user one of those that are there"};
    std::string all;
    for (const auto& [name, value] : token_->claims.members())
        all += (all.empty() ? "" : ", ") + quoted(name);
    throw StepFailed{"the token has no claim " + quoted(access_->claim_path()) + " with roles: it may do nothing (403)",
                 "let the issuer put roles into it, or set claims.roles_claim_path in " + config_.rbac_path + " to where they are; the token has "
                     + all};
}

using Step = std::pair<const char*, std::string (Walk::*)()>;
constexpr Step always[] = {
    {"bypass", &Walk::bypass}, {"issuer", &Walk::issuer}, {"discovery", &Walk::discovery},
    {"keys", &Walk::keys},     {"clock", &Walk::clock},   {"role file", &Walk::role_file},
};
constexpr Step with_token[] = {
    {"token", &Walk::form}, {"claims", &Walk::claims}, {"signature", &Walk::signature}, {"roles", &Walk::roles},
};

}

std::vector<CheckedStep> AuthDoctor::steps() const
{
    Walk walk{*this};
    std::vector<Step> todo{std::begin(always), std::end(always)};
    if (token)
        todo.insert(todo.end(), std::begin(with_token), std::end(with_token));
    std::vector<CheckedStep> done;
    for (const auto& [name, step] : todo) {
        try {
            done.push_back({name, true, (walk.*step)(), ""});
        } catch (const StepFailed& failed) {
            done.push_back({name, false, failed.problem, failed.remedy});
            break;
        }
    }
    return done;
}

}
