// Taking keys from a JSON Web Key Set.
#include "auth/key_set.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/error.h"
#include "base/text.h"

namespace forge {

namespace {

constexpr std::size_t most_keys = 256;

/// A member's bytes; empty, which is no number, when it is not strict base64url.
std::string number(const Json& jwk, const char* name)
{
    return from_base64url(jwk[name].as_text()).value_or("");
}

std::optional<PublicKey> public_key(const Json& jwk)
{
    const std::string_view type = jwk["kty"].as_text();
    const std::string_view curve = jwk["crv"].as_text();
    if (type == "RSA")
        return PublicKey::rsa(number(jwk, "n"), number(jwk, "e"));
    if (type == "EC" && curve == "P-256")
        return PublicKey::p256(number(jwk, "x"), number(jwk, "y"));
    if (type == "OKP" && curve == "Ed25519")
        return PublicKey::ed25519(number(jwk, "x"));
    return std::nullopt;
}

/// RFC 7517 sections 4.2 and 4.3: what is absent does not restrict.
bool is_for_verifying(const Json& jwk)
{
    if (jwk["d"] || jwk["k"])
        return false;   // a private key that was published is nobody's proof
    if (jwk["use"] && jwk["use"].as_text() != "sig")
        return false;
    const Json operations = jwk["key_ops"];
    const auto is_verify = [](const Json& operation) { return operation.as_text() == "verify"; };
    return !operations || std::ranges::any_of(operations.items(), is_verify);
}

std::optional<VerificationKey> verification_key(const Json& jwk)
{
    if (!jwk.is_object() || !is_for_verifying(jwk) || (jwk["kid"] && !jwk["kid"].is_string()))
        return std::nullopt;
    const auto only = signature_named(jwk["alg"].as_text());
    auto key = public_key(jwk);
    if (!key || (jwk["alg"] && (!only || !key->fits(*only))))
        return std::nullopt;
    return VerificationKey{std::string{jwk["kid"].as_text()}, only, std::move(*key)};
}

}

KeySet KeySet::parse(std::string_view text)
{
    const Json keys = parse_json(text)["keys"];
    if (!keys.is_array() || keys.size() > most_keys)
        throw Error("key set: \"keys\" is no list of at most " + std::to_string(most_keys) + " keys");
    KeySet set;
    for (const Json& jwk : keys.items())
        if (auto key = verification_key(jwk))
            set.keys_.push_back(std::move(*key));
    std::map<std::string, int> count;
    for (const VerificationKey& key : set.keys_)
        ++count[key.kid];
    std::erase_if(set.keys_, [&](const VerificationKey& key) { return !key.kid.empty() && count[key.kid] > 1; });
    return set;
}

const VerificationKey* KeySet::find(std::string_view kid, Signature signature) const
{
    const auto is_it = [&](const VerificationKey& key) { return kid.empty() ? key.fits(signature) : key.kid == kid; };
    const auto first = std::ranges::find_if(keys_, is_it);
    if (first == keys_.end() || std::find_if(first + 1, keys_.end(), is_it) != keys_.end())
        return nullptr;
    return &*first;
}

bool KeySet::verifies(const VerificationKey& key, Signature signature, std::string_view message, std::string_view bytes) const
{
    // With the numbers first, no two questions are the same bytes.
    const std::array numbers{static_cast<std::size_t>(&key - keys_.data()), static_cast<std::size_t>(signature), message.size()};
    const Bytes first{reinterpret_cast<const unsigned char*>(numbers.data()), sizeof numbers};
    const Hash digest = sha256({first, bytes_of(message), bytes_of(bytes)});
    if (good_->has(digest))
        return true;
    if (!key.key.verify(signature, message, bytes))
        return false;
    good_->add(digest);
    return true;
}

}
