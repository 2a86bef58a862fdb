// Signing tokens for tests.
#include "auth/dev_signer.h"

#include "base/error.h"
#include "base/ids.h"
#include "base/text.h"
#include "config/secret.h"
#include "lib/crypto.h"
#include "lib/json.h"
#include "os/file.h"

namespace forge {

namespace {

RsaKey key_in(const std::string& path)
try {
    if (!exists(path)) {
        std::string pem = RsaKey::generate().to_pem();
        add_file(path, pem, 0600);   // whoever was first has made the key of all
        wipe(pem);
    }
    return RsaKey::from_pem(read_secret(path).secret.reveal());
} catch (...) {
    rethrow_while("the development signer's key " + path);
}

Json numbers_of(const RsaKey& key)
{
    return Json::object({{"e", base64url(key.exponent())}, {"kty", "RSA"}, {"n", base64url(key.modulus())}});
}

}

DevSigner::DevSigner(const std::string& key_path) : key_(key_in(key_path))
{
    Json jwk = numbers_of(key_);
    const Hash thumbprint = sha256(dump(jwk));
    kid_ = "dev-" + base64url(text_of(Bytes{thumbprint}));
    jwk.set("kid", kid_).set("alg", "RS256").set("use", "sig");
    key_set_ = dump(Json::object({{"keys", Json::array({jwk})}}));
}

std::string DevSigner::token(const Subject& subject, WallTime now) const
{
    Json roles = Json::array();
    for (const std::string& role : subject.roles)
        roles.append(role);
    const long long seconds = unix_millis(now) / 1000;
    const Json header = Json::object({{"alg", "RS256"}, {"typ", "JWT"}, {"kid", kid_}});
    const Json claims = Json::object({{"iss", subject.issuer},
                                      {"aud", subject.audience},
                                      {"sub", subject.sub},
                                      {"iat", seconds},
                                      {"exp", seconds + lifetime.count()},
                                      {"jti", uuid_v7()},
                                      {"https://vaultmesh/roles", roles}});
    const std::string signed_part = base64url(dump(header)) + "." + base64url(dump(claims));
    return signed_part + "." + base64url(key_.sign(signed_part));
}

}
