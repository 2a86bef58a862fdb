// An issuer's keys and tokens, and what authenticate says of a request.
#pragma once

#include "auth/authenticate.h"

#include <map>

#include "tests/unit/test.h"
#include "tests/unit/token_maker.h"

namespace forge::test {

/// Now, for all that a test says of time.
inline const Now moment;

inline const AccessTable& access()
{
    static const AccessTable table = AccessTable::parse(
        "roles: {operator: [execute:run], auditor: [ledger:read]}\nclaims: {roles_claim_path: roles}", "rbac.yaml");
    return table;
}

/// One key of each kind, the same for all tests.
inline const TokenMaker& maker(Signature signature)
{
    static std::map<Signature, TokenMaker> makers;
    return makers.try_emplace(signature, signature).first->second;
}

/// Good claims for five minutes, with others added or put in their place.
inline Json claims(const Json& more = Json::object())
{
    Json all = Json::object({{"iss", "https://id.example/"},
                             {"aud", "forge"},
                             {"sub", "ada"},
                             {"roles", Json::array({"auditor"})},
                             {"exp", unix_millis(moment.wall) / 1000 + 300}});
    for (const auto& [name, value] : more.members())
        all.set(name, value);
    return all;
}

inline Config config(std::map<std::string, std::string> more = {})
{
    more.insert({{"OIDC_ISSUER", "https://id.example/"}, {"OIDC_AUDIENCE", "forge"}});
    return Config{given_settings(more)};
}

inline Request with(const std::string& authorization)
{
    Request request;
    request.authorization = authorization;
    request.address = "127.0.0.1";
    request.host = "localhost:3000";
    return request;
}

struct Refused {
    int status;
    std::string code;
    std::string detail;
};

inline Refused refused(const Request& request, const Config& settings, KeyRing& keys)
{
    try {
        static_cast<void>(authenticate(request, settings, access(), keys, moment));
    } catch (const Refusal& refusal) {
        return {refusal.status, refusal.code, refusal.what()};
    }
    return {200, "", ""};
}

inline void give(KeyRing& ring, const std::string& keys)
{
    CHECK(ring.begin_fetch(moment.steady));
    ring.end_fetch(KeySet::parse(keys), moment.steady);
}

}
