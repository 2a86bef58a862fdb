// Keys and signed tokens for tests.
#pragma once

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

#include "base/text.h"
#include "lib/json.h"
#include "lib/public_key.h"

namespace forge::test {

/// A private key that signs as an issuer would.
class TokenMaker {
public:
    explicit TokenMaker(Signature signature, unsigned rsa_bits = 2048) : signature_(signature)
    {
        switch (signature) {
        case Signature::es256: key_.reset(EVP_EC_gen("P-256")); break;
        case Signature::eddsa: key_.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); break;
        default: key_.reset(EVP_RSA_gen(rsa_bits));
        }
    }

    /// The public key as a JWK.
    Json jwk(const std::string& kid) const
    {
        Json jwk = Json::object({{"kid", kid}, {"alg", name_of(signature_)}, {"use", "sig"}});
        if (signature_ == Signature::eddsa) {
            std::string x(32, '\0');
            std::size_t size = x.size();
            EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(x.data()), &size);
            return jwk.set("kty", "OKP").set("crv", "Ed25519").set("x", base64url(x));
        }
        if (signature_ == Signature::es256)
            return jwk.set("kty", "EC").set("crv", "P-256").set("x", number("qx", 32)).set("y", number("qy", 32));
        return jwk.set("kty", "RSA").set("n", number("n", 0)).set("e", number("e", 0));
    }

    std::string sign(const Json& claims, const std::string& kid) const
    {
        return sign_with(Json::object({{"alg", name_of(signature_)}, {"typ", "JWT"}, {"kid", kid}}), claims);
    }

    std::string sign_with(const Json& header, const Json& claims) const
    {
        return sign_text(dump(header), dump(claims));
    }

    /// Of any two texts, whether they are JSON or not.
    std::string sign_text(std::string_view header, std::string_view claims) const
    {
        return sign_input(base64url(header) + "." + base64url(claims));
    }

    std::string sign_input(const std::string& input) const { return input + "." + base64url(signature_of(input)); }

    /// `salt` is of PS256, in bytes or as one of OpenSSL's constants.
    std::string signature_of(const std::string& input, int salt = RSA_PSS_SALTLEN_DIGEST) const
    {
        const std::string bytes = as_openssl_signs(input, salt);
        return signature_ == Signature::es256 ? raw(bytes) : bytes;
    }

    /// An ES256 signature as DER.
    std::string as_openssl_signs(const std::string& input, int salt = RSA_PSS_SALTLEN_DIGEST) const
    {
        const std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
        EVP_PKEY_CTX* options = nullptr;
        const EVP_MD* const digest = signature_ == Signature::eddsa ? nullptr : EVP_sha256();
        EVP_DigestSignInit(context.get(), &options, digest, nullptr, key_.get());
        if (signature_ == Signature::ps256) {
            EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
            EVP_PKEY_CTX_set_rsa_pss_saltlen(options, salt);
        }
        std::size_t size = 1024;
        std::string bytes(size, '\0');
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size,
                       reinterpret_cast<const unsigned char*>(input.data()), input.size());
        bytes.resize(size);
        return bytes;
    }

private:
    struct Free {
        void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
        void operator()(ECDSA_SIG* signature) const noexcept { ECDSA_SIG_free(signature); }
    };

    std::string number(const char* name, int size) const
    {
        BIGNUM* value = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), name, &value);
        std::string text(static_cast<std::size_t>(size ? size : BN_num_bytes(value)), '\0');
        BN_bn2binpad(value, reinterpret_cast<unsigned char*>(text.data()), static_cast<int>(text.size()));
        BN_free(value);
        return base64url(text);
    }

    static std::string raw(const std::string& der)
    {
        auto* at = reinterpret_cast<const unsigned char*>(der.data());
        const std::unique_ptr<ECDSA_SIG, Free> signature{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
        std::string bytes(64, '\0');
        auto* const out = reinterpret_cast<unsigned char*>(bytes.data());
        BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + 32, 32);
        return bytes;
    }

    const Signature signature_;
    std::unique_ptr<EVP_PKEY, Free> key_;
};

inline std::string key_set_text(std::initializer_list<Json> keys)
{
    return dump(Json::object({{"keys", Json::array(keys)}}));
}

}
