// What an issuer says of itself.
#include "auth/discovery.h"

#include "base/error.h"
#include "config/secret_url.h"
#include "lib/json.h"

namespace forge {

std::string discovery_url(const std::string& issuer)
{
    const std::string base = issuer.ends_with('/') ? issuer.substr(0, issuer.size() - 1) : issuer;
    return base + "/.well-known/openid-configuration";
}

std::string keys_url_in(std::string_view document, const std::string& issuer)
{
    return endpoint_in(document, issuer, "jwks_uri");
}

std::string endpoint_in(std::string_view document, const std::string& issuer, const char* name)
{
    const Json json = parse_json(document);
    if (json["issuer"].as_text() != issuer)
        throw Error("the discovered issuer is not OIDC_ISSUER; is it the slash at the end?");
    const std::string url{json[name].as_text()};
    if (!keeps_secrets(url))   // else others could come in between
        throw Error(std::string{name} + " is neither https nor on this host");
    return url;
}

}
