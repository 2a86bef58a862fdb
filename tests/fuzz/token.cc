// Fuzz target: any bytes as a query, an Authorization header, a token and its claims are judged; nothing unsigned comes in.
#include "auth/authenticate.h"
#include "auth/token.h"

#include "base/text.h"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace forge;

const std::vector<std::string> algorithms{"RS256", "PS256", "ES256", "EdDSA"};

void check(bool holds)
{
    if (!holds)
        std::abort();
}

void check_parts(std::string_view text)
{
    const auto parsed = parse_token(text, algorithms);
    if (const auto* const reason = std::get_if<Reason>(&parsed))
        return check(!text_of(*reason).empty());
    const Token& token = std::get<Token>(parsed);
    check(signature_named(token.algorithm) && !token.signature.empty() && token.claims.is_object());
    check(text == token.signed_part + "." + base64url(token.signature));   // one text only is this token
    static_cast<void>(claims_problem(token.claims, {"https://id.example/", "forge"}, WallTime{}));
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const Config config{given_settings({{"OIDC_ISSUER", "https://id.example/"}, {"OIDC_AUDIENCE", "forge"}})};
    static const AccessTable access = AccessTable::parse("roles: {}\nclaims: {roles_claim_path: r}", "rbac.yaml");
    const std::string text{reinterpret_cast<const char*>(data), size};
    check_parts(bearer_of(text).value_or(text));
    Request request;
    request.authorization = text;
    KeyRing keys;
    for (const char* const query : {"", text.c_str()}) {
        request.query = query;
        try {
            static_cast<void>(authenticate(request, config, access, keys));
            std::abort();   // nobody has a key
        } catch (const Refusal& refusal) {
            check(refusal.status == 401 || refusal.status == 503);
        }
    }
    return 0;
}
