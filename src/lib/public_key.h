// Public keys that verify signatures of JSON Web Tokens (RFC 7518, RFC 8037), on OpenSSL 3.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string_view>

namespace forge {

enum class Signature { rs256, ps256, es256, eddsa };

/// The name of JWA: "RS256".
std::string_view name_of(Signature signature);
/// Nothing for any other name.
std::optional<Signature> signature_named(std::string_view name);

/// Any number of threads may verify with one key at once.
class PublicKey {
public:
    // Each gives nothing where the numbers (big-endian) are no key that we accept.
    /// 2048 to 8192 bits; an odd exponent of at least 3 and at most 64 bits.
    static std::optional<PublicKey> rsa(std::string_view modulus, std::string_view exponent);
    /// A point on P-256; 32 bytes each.
    static std::optional<PublicKey> p256(std::string_view x, std::string_view y);
    /// 32 bytes.
    static std::optional<PublicKey> ed25519(std::string_view x);

    /// Whether a key of this type can make such signatures.
    bool fits(Signature signature) const noexcept;
    /// False too when the type does not fit or the length is wrong: the modulus' size; 64 bytes of R and S.
    bool verify(Signature signature, std::string_view message, std::string_view bytes) const;

private:
    struct Free { void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); } };
    using Owner = std::unique_ptr<EVP_PKEY, Free>;

    explicit PublicKey(Owner key) noexcept : key_(std::move(key)) {}
    static Owner from_numbers(const char* type, struct ossl_param_st* numbers);

    Owner key_;
};

}
