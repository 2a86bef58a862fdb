// Digests, signatures and sealing, on OpenSSL 3.
#pragma once

#include "base/text.h"

#include <openssl/evp.h>

#include <array>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace forge {

using Hash = std::array<unsigned char, 32>;

/// SHA-256 of the parts one after the other.  Any thread.
Hash sha256(std::initializer_list<Bytes> parts);
Hash sha256(std::string_view data);
/// "sha256:" and 64 hex digits.
std::string sha256_digest(std::string_view data);

/// SHA-256 over data that comes in pieces.
class Sha256 {
public:
    Sha256();
    Sha256& update(std::string_view data);
    /// The hash of what was given; the object starts anew.
    Hash finish();

private:
    struct Free { void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); } };
    std::unique_ptr<EVP_MD_CTX, Free> context_;
};

/// HMAC-SHA256 (RFC 2104).
Hash hmac_sha256(std::string_view key, std::string_view message);

/// AES-256-GCM.  `key` 32 bytes, `nonce` 12 bytes; the result is ciphertext and 16 bytes of tag.
std::string seal_aes_gcm(std::string_view key, std::string_view nonce, std::string_view plain, std::string_view associated);
/// The plain text, or nothing when anything was changed.
std::optional<std::string> open_aes_gcm(std::string_view key, std::string_view nonce, std::string_view sealed,
                                        std::string_view associated);

/// An Ed25519 key pair (RFC 8032).
class SigningKey {
public:
    static SigningKey generate();
    /// From PEM (PKCS#8); throws Error when it is no Ed25519 private key.
    static SigningKey from_pem(std::string_view pem);
    std::string to_pem() const;
    /// 64 bytes.
    std::string sign(std::string_view message) const;
    /// 32 bytes.
    std::string public_key() const;

private:
    struct Free { void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); } };
    explicit SigningKey(EVP_PKEY* key) : key_(key) {}
    std::unique_ptr<EVP_PKEY, Free> key_;
};

/// `public_key` 32 bytes, `signature` 64; false for any other lengths.
bool verify_ed25519(std::string_view public_key, std::string_view message, std::string_view signature);

}
