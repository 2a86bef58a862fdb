// Verifying signatures with OpenSSL.
#include "lib/public_key.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace forge {

namespace {

constexpr std::array<std::pair<std::string_view, Signature>, 4> names{{
    {"RS256", Signature::rs256},
    {"PS256", Signature::ps256},
    {"ES256", Signature::es256},
    {"EdDSA", Signature::eddsa},
}};
constexpr int least_rsa_bits = 2048;
constexpr int most_rsa_bits = 8192;
constexpr std::size_t coordinate_bytes = 32;

struct FreeOpenssl {
    void operator()(BIGNUM* number) const noexcept { BN_free(number); }
    void operator()(ECDSA_SIG* signature) const noexcept { ECDSA_SIG_free(signature); }
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
    void operator()(OSSL_PARAM* params) const noexcept { OSSL_PARAM_free(params); }
    void operator()(OSSL_PARAM_BLD* builder) const noexcept { OSSL_PARAM_BLD_free(builder); }
    void operator()(unsigned char* bytes) const noexcept { OPENSSL_free(bytes); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenssl>;

/// What OpenSSL says about hostile input is no news: nothing of it may stay for the next caller.
struct ForgetErrors {
    ~ForgetErrors() { ERR_clear_error(); }
};

const unsigned char* bytes(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

Owned<BIGNUM> number(std::string_view big_endian)
{
    return Owned<BIGNUM>{BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr)};
}

/// R and S as DER, which is what OpenSSL verifies.
std::string der_of(std::string_view raw)
{
    const Owned<ECDSA_SIG> signature{ECDSA_SIG_new()};
    auto r = number(raw.substr(0, coordinate_bytes));
    auto s = number(raw.substr(coordinate_bytes));
    if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1)
        return {};
    static_cast<void>(r.release());   // the signature owns them now
    static_cast<void>(s.release());
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    const Owned<unsigned char> owned{der};
    return size > 0 ? std::string{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)} : "";
}

/// RFC 7518 section 3.5: the salt is as long as the hash, both masks are SHA-256.
bool choose_pss(EVP_PKEY_CTX* context)
{
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0
           && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0
           && EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) > 0;
}

}

std::string_view name_of(Signature signature)
{
    return std::ranges::find(names, signature, &std::pair<std::string_view, Signature>::second)->first;
}

std::optional<Signature> signature_named(std::string_view name)
{
    const auto at = std::ranges::find(names, name, &std::pair<std::string_view, Signature>::first);
    return at == names.end() ? std::nullopt : std::optional{at->second};
}

PublicKey::Owner PublicKey::from_numbers(const char* type, OSSL_PARAM* numbers)
{
    const ForgetErrors forget;
    const Owned<OSSL_PARAM> owned{numbers};
    const Owned<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr)};
    EVP_PKEY* key = nullptr;
    if (!numbers || !context || EVP_PKEY_fromdata_init(context.get()) != 1
        || EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, numbers) != 1)
        return nullptr;
    Owner result{key};
    const Owned<EVP_PKEY_CTX> check{EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)};
    return check && EVP_PKEY_public_check(check.get()) == 1 ? std::move(result) : nullptr;
}

std::optional<PublicKey> PublicKey::rsa(std::string_view modulus, std::string_view exponent)
{
    const auto n = number(modulus);
    const auto e = number(exponent);
    if (!n || !e || BN_num_bits(n.get()) < least_rsa_bits || BN_num_bits(n.get()) > most_rsa_bits || !BN_is_odd(e.get())
        || BN_is_one(e.get()) || BN_num_bits(e.get()) > 64)
        return std::nullopt;
    const Owned<OSSL_PARAM_BLD> builder{OSSL_PARAM_BLD_new()};
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1
        || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return std::nullopt;
    auto key = from_numbers("RSA", OSSL_PARAM_BLD_to_param(builder.get()));
    return key ? std::optional{PublicKey{std::move(key)}} : std::nullopt;
}

std::optional<PublicKey> PublicKey::p256(std::string_view x, std::string_view y)
{
    if (x.size() != coordinate_bytes || y.size() != coordinate_bytes)
        return std::nullopt;
    const std::string point = '\x04' + std::string{x} + std::string{y};   // uncompressed, SEC 1 section 2.3.3
    const Owned<OSSL_PARAM_BLD> builder{OSSL_PARAM_BLD_new()};
    if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1
        || OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
        return std::nullopt;
    auto key = from_numbers("EC", OSSL_PARAM_BLD_to_param(builder.get()));
    return key ? std::optional{PublicKey{std::move(key)}} : std::nullopt;
}

std::optional<PublicKey> PublicKey::ed25519(std::string_view x)
{
    const ForgetErrors forget;
    Owner key;
    if (x.size() == coordinate_bytes)
        key.reset(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(x), x.size()));
    return key ? std::optional{PublicKey{std::move(key)}} : std::nullopt;
}

bool PublicKey::fits(Signature signature) const noexcept
{
    switch (EVP_PKEY_get_base_id(key_.get())) {
    case EVP_PKEY_RSA: return signature == Signature::rs256 || signature == Signature::ps256;
    case EVP_PKEY_EC: return signature == Signature::es256;
    default: return signature == Signature::eddsa;
    }
}

bool PublicKey::verify(Signature signature, std::string_view message, std::string_view raw) const
{
    const bool is_rsa = signature == Signature::rs256 || signature == Signature::ps256;
    const auto expected = is_rsa ? static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())) : 2 * coordinate_bytes;
    if (!fits(signature) || raw.size() != expected)
        return false;
    const ForgetErrors forget;
    const std::string der = signature == Signature::es256 ? der_of(raw) : std::string{raw};
    const Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* options = nullptr;   // belongs to the context
    const EVP_MD* const digest = signature == Signature::eddsa ? nullptr : EVP_sha256();
    if (!context || EVP_DigestVerifyInit(context.get(), &options, digest, nullptr, key_.get()) != 1)
        return false;
    if (signature == Signature::ps256 && !choose_pss(options))
        return false;
    return EVP_DigestVerify(context.get(), bytes(der), der.size(), bytes(message), message.size()) == 1;
}

}
