// An issuer's keys: a JSON Web Key Set (RFC 7517), of which we take what can verify tokens.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/good_signatures.h"
#include "lib/json.h"
#include "lib/public_key.h"

namespace forge {

/// A key with what its issuer says it is for.
struct VerificationKey {
    std::string kid;                       // empty where it has none
    std::optional<Signature> only;         // the JWK's alg
    PublicKey key;

    bool fits(Signature signature) const { return (!only || *only == signature) && key.fits(signature); }
};

class KeySet {
public:
    /// Keys that are not for signatures (use, key_ops), private, symmetric, too small or broken are left out, as are
    /// two with one kid.  Throws Error when the text is no key set.
    static KeySet parse(std::string_view text);

    /// The key a token names; without a kid the only one that fits.  Nothing: the set has no such key.
    const VerificationKey* find(std::string_view kid, Signature signature) const;
    /// Whether this key of the set made the signature.  One that was found good stays so for as long as the set lives.
    /// Any thread.
    bool verifies(const VerificationKey& key, Signature signature, std::string_view message, std::string_view bytes) const;
    bool empty() const { return keys_.empty(); }
    std::size_t size() const { return keys_.size(); }

private:
    std::vector<VerificationKey> keys_;
    std::unique_ptr<GoodSignatures> good_ = std::make_unique<GoodSignatures>();   // by keys_, which do not change any more
};

}
