// Digests, signatures and sealing.
#include "tests/unit/test.h"

#include "base/error.h"
#include "lib/crypto.h"
#include "os/random.h"

#include <openssl/hmac.h>

using namespace forge;

TEST(sha256_gives_the_vector_of_fips_180)
{
    CHECK_EQUAL("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"s, sha256_digest("abc"));
    CHECK(sha256("abc") == Sha256{}.update("a").update("bc").finish());
    CHECK(sha256("abc") == sha256({bytes_of("ab"), bytes_of("c")}));
}

TEST(hmac_gives_the_vector_of_rfc_4231)
{
    CHECK_EQUAL("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"s,
                hex(hmac_sha256("Jefe", "what do ya want for nothing?")));
}

TEST(hmac_is_that_of_openssl_for_keys_of_every_length)
{
    for (std::size_t size = 0; size < 200; ++size) {
        const std::string key(size, static_cast<char>(0x80 + size));
        const std::string message(size * 3 % 171, 'x');
        Hash expected;
        CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(size), bytes_of(message).data(), message.size(), expected.data(), nullptr));
        CHECK_EQUAL(hex(expected), hex(hmac_sha256(key, message)));
    }
}

TEST(ed25519_gives_the_first_vector_of_rfc_8032)
{
    const auto key = from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").value();
    auto signature = from_hex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                              "d25bf5f0595bbe24655141438e7a100b").value();
    CHECK(verify_ed25519(key, "", signature));
    signature[0] ^= 1;
    CHECK(!verify_ed25519(key, "", signature));
}

TEST(a_signing_key_survives_its_pem)
{
    const SigningKey key = SigningKey::from_pem(SigningKey::generate().to_pem());
    CHECK(verify_ed25519(key.public_key(), "text", key.sign("text")));
    CHECK_THROWS(Error, SigningKey::from_pem("nonsense"));
}

TEST(what_was_sealed_opens_only_unchanged)
{
    const std::string key = random_bytes(32);
    const std::string nonce = random_bytes(12);
    std::string sealed = seal_aes_gcm(key, nonce, "secret", "about");
    CHECK_EQUAL("secret"s, open_aes_gcm(key, nonce, sealed, "about").value());
    CHECK(!open_aes_gcm(key, nonce, sealed, "other"));
    sealed[2] ^= 1;
    CHECK(!open_aes_gcm(key, nonce, sealed, "about"));
    CHECK(!open_aes_gcm(key, nonce, "short", "about"));
}
