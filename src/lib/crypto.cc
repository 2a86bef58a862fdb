// Digests, signatures and sealing, on OpenSSL 3.
#define OPENSSL_SUPPRESS_DEPRECATED   // for SHA256_*, see sha256
#include "lib/crypto.h"

#include "base/error.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

namespace forge {

namespace {

struct FreeOpenSsl {
    void operator()(EVP_MD* digest) const noexcept { EVP_MD_free(digest); }
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    void operator()(EVP_CIPHER* cipher) const noexcept { EVP_CIPHER_free(cipher); }
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

Error openssl_error(const std::string& what)
{
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    const char* const reason = ERR_reason_error_string(code);
    return Error(what + (reason ? std::string{": "} + reason : ""));
}

void must(int result, const char* what)
{
    if (result <= 0)
        throw openssl_error(what);
}

// Fetched once: the implicit fetch of EVP_sha256() costs more than the hash of a node.
const EVP_MD* sha256_algorithm()
{
    static const Owned<EVP_MD> digest{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    return digest.get();
}

const EVP_CIPHER* aes_gcm()
{
    static const Owned<EVP_CIPHER> cipher{EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)};
    return cipher.get();
}

constexpr int tag_size = 16;

const unsigned char* data_of(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* data_of(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

void check_sealing_sizes(std::string_view key, std::string_view nonce)
{
    if (key.size() != 32 || nonce.size() != 12)
        throw Error("AES-256-GCM needs a key of 32 and a nonce of 12 bytes");
}

}

// The older interface to the same code: for the node of a tree 89 ns instead of 113 with a fetched EVP_MD.
Hash sha256(std::initializer_list<Bytes> parts)
{
    SHA256_CTX context;
    Hash hash;
    SHA256_Init(&context);
    for (const Bytes part : parts)
        SHA256_Update(&context, part.data(), part.size());
    SHA256_Final(hash.data(), &context);
    return hash;
}

Hash sha256(std::string_view data)
{
    return sha256({bytes_of(data)});
}

std::string sha256_digest(std::string_view data)
{
    return "sha256:" + hex(sha256(data));
}

Sha256::Sha256() : context_(EVP_MD_CTX_new())
{
    must(EVP_DigestInit_ex2(context_.get(), sha256_algorithm(), nullptr), "SHA-256");
}

Sha256& Sha256::update(std::string_view data)
{
    must(EVP_DigestUpdate(context_.get(), data.data(), data.size()), "SHA-256");
    return *this;
}

Hash Sha256::finish()
{
    Hash hash;
    must(EVP_DigestFinal_ex(context_.get(), hash.data(), nullptr), "SHA-256");
    must(EVP_DigestInit_ex2(context_.get(), sha256_algorithm(), nullptr), "SHA-256");
    return hash;
}

// On SHA256_Update as sha256() is: HMAC() of OpenSSL 3 spends more on finding its algorithm than on a short message.
Hash hmac_sha256(std::string_view key, std::string_view message)
{
    const Hash short_key = key.size() > SHA256_CBLOCK ? sha256(key) : Hash{};
    const Bytes taken = key.size() > SHA256_CBLOCK ? Bytes{short_key} : bytes_of(key);
    std::array<unsigned char, SHA256_CBLOCK> inner;
    std::array<unsigned char, SHA256_CBLOCK> outer;
    for (std::size_t i = 0; i < inner.size(); ++i) {
        const unsigned byte = i < taken.size() ? taken[i] : 0u;
        inner[i] = static_cast<unsigned char>(byte ^ 0x36u);
        outer[i] = static_cast<unsigned char>(byte ^ 0x5cu);
    }
    const Hash hash = sha256({outer, sha256({inner, bytes_of(message)})});
    OPENSSL_cleanse(inner.data(), inner.size());
    OPENSSL_cleanse(outer.data(), outer.size());
    return hash;
}

std::string seal_aes_gcm(std::string_view key, std::string_view nonce, std::string_view plain, std::string_view associated)
{
    check_sealing_sizes(key, nonce);
    const Owned<EVP_CIPHER_CTX> context{EVP_CIPHER_CTX_new()};
    std::string sealed(plain.size() + tag_size, '\0');
    int size = 0;
    must(EVP_EncryptInit_ex2(context.get(), aes_gcm(), data_of(key), data_of(nonce), nullptr), "AES-GCM");
    must(EVP_EncryptUpdate(context.get(), nullptr, &size, data_of(associated), static_cast<int>(associated.size())), "AES-GCM");
    must(EVP_EncryptUpdate(context.get(), data_of(sealed), &size, data_of(plain), static_cast<int>(plain.size())), "AES-GCM");
    must(EVP_EncryptFinal_ex(context.get(), data_of(sealed) + size, &size), "AES-GCM");
    must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, sealed.data() + plain.size()), "AES-GCM");
    return sealed;
}

std::optional<std::string> open_aes_gcm(std::string_view key, std::string_view nonce, std::string_view sealed,
                                        std::string_view associated)
{
    check_sealing_sizes(key, nonce);
    if (sealed.size() < tag_size)
        return std::nullopt;
    const std::string_view body = sealed.substr(0, sealed.size() - tag_size);
    std::string tag{sealed.substr(body.size())};
    const Owned<EVP_CIPHER_CTX> context{EVP_CIPHER_CTX_new()};
    std::string plain(body.size(), '\0');
    int size = 0;
    must(EVP_DecryptInit_ex2(context.get(), aes_gcm(), data_of(key), data_of(nonce), nullptr), "AES-GCM");
    must(EVP_DecryptUpdate(context.get(), nullptr, &size, data_of(associated), static_cast<int>(associated.size())), "AES-GCM");
    must(EVP_DecryptUpdate(context.get(), data_of(plain), &size, data_of(body), static_cast<int>(body.size())), "AES-GCM");
    must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()), "AES-GCM");
    if (EVP_DecryptFinal_ex(context.get(), data_of(plain) + size, &size) <= 0) {
        ERR_clear_error();
        return std::nullopt;
    }
    return plain;
}

SigningKey SigningKey::generate()
{
    EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    if (!key)
        throw openssl_error("make an Ed25519 key");
    return SigningKey{key};
}

SigningKey SigningKey::from_pem(std::string_view pem)
{
    const Owned<BIO> bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    SigningKey key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)};
    if (!key.key_ || !EVP_PKEY_is_a(key.key_.get(), "ED25519"))
        throw openssl_error("not an Ed25519 private key in PEM");
    return key;
}

std::string SigningKey::to_pem() const
{
    const Owned<BIO> bio{BIO_new(BIO_s_mem())};
    must(PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr), "write a key");
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string SigningKey::sign(std::string_view message) const
{
    const Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
    std::string signature(64, '\0');
    std::size_t size = signature.size();
    must(EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key_.get(), nullptr), "Ed25519");
    must(EVP_DigestSign(context.get(), data_of(signature), &size, data_of(message), message.size()), "Ed25519");
    return signature;
}

std::string SigningKey::public_key() const
{
    std::string key(32, '\0');
    std::size_t size = key.size();
    must(EVP_PKEY_get_raw_public_key(key_.get(), data_of(key), &size), "Ed25519");
    return key;
}

bool verify_ed25519(std::string_view public_key, std::string_view message, std::string_view signature)
{
    if (public_key.size() != 32 || signature.size() != 64)
        return false;
    const Owned<EVP_PKEY> key{EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, data_of(public_key), public_key.size())};
    const Owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
    const bool good = key && EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key.get(), nullptr) > 0
                      && EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(message), message.size()) > 0;
    ERR_clear_error();
    return good;
}

}
