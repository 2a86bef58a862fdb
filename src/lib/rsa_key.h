// RSA private keys that sign JSON Web Tokens (RFC 7518 section 3.3), on OpenSSL 3.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

namespace forge {

/// Any number of threads may sign with one key at once.
class RsaKey {
public:
    /// 2048 bits.
    static RsaKey generate();
    /// From PEM (PKCS#8); throws Error when it is no RSA private key.
    static RsaKey from_pem(std::string_view pem);
    std::string to_pem() const;
    /// RS256: PKCS#1 version 1.5 with SHA-256.
    std::string sign(std::string_view message) const;
    // What is public of it, big-endian.
    std::string modulus() const;
    std::string exponent() const;

private:
    struct Free { void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); } };
    explicit RsaKey(EVP_PKEY* key) : key_(key) {}
    std::string number(const char* name) const;

    std::unique_ptr<EVP_PKEY, Free> key_;
};

}
