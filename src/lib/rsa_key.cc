// RSA keys with OpenSSL.
#include "lib/rsa_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/error.h"

namespace forge {

namespace {

constexpr unsigned bits = 2048;

struct FreeOpenSsl {
    void operator()(BIGNUM* number) const noexcept { BN_free(number); }
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

void must(bool is_good, const char* what)
{
    if (is_good)
        return;
    ERR_clear_error();
    throw Error(what);
}

unsigned char* bytes(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

}

RsaKey RsaKey::generate()
{
    RsaKey key{EVP_RSA_gen(bits)};
    must(key.key_ != nullptr, "an RSA key cannot be made");
    return key;
}

RsaKey RsaKey::from_pem(std::string_view pem)
{
    const Owned<BIO> bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    RsaKey key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)};
    must(key.key_ && EVP_PKEY_is_a(key.key_.get(), "RSA"), "not an RSA private key in PEM");
    return key;
}

std::string RsaKey::to_pem() const
{
    const Owned<BIO> bio{BIO_new(BIO_s_secmem())};   // zeroed when it is freed
    must(PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1, "write an RSA key");
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string RsaKey::sign(std::string_view message) const
{
    const Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    std::size_t size = signature.size();
    const auto* const data = reinterpret_cast<const unsigned char*>(message.data());
    must(context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1
             && EVP_DigestSign(context.get(), bytes(signature), &size, data, message.size()) == 1,
         "sign with an RSA key");
    signature.resize(size);
    return signature;
}

std::string RsaKey::modulus() const { return number(OSSL_PKEY_PARAM_RSA_N); }
std::string RsaKey::exponent() const { return number(OSSL_PKEY_PARAM_RSA_E); }

std::string RsaKey::number(const char* name) const
{
    BIGNUM* value = nullptr;
    must(EVP_PKEY_get_bn_param(key_.get(), name, &value) == 1, "read an RSA key");
    const Owned<BIGNUM> owned{value};
    std::string text(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
    BN_bn2bin(value, bytes(text));
    return text;
}

}
