// How logs name a subject.
#include "tests/unit/test.h"

#include "auth/subject_hash.h"

using namespace forge;

// printf '["https://issuer.example","alice"]' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
TEST(a_subject_is_named_by_a_keyed_hash_of_issuer_and_name)
{
    const std::string key = "0123456789abcdef0123456789abcdef";
    CHECK_EQUAL("e8747221fce03ff7"s, subject_hash(key, "https://issuer.example", "alice"));
    CHECK(subject_hash(key, "https://issuer.example", "alice") != subject_hash(key, "https://other.example", "alice"));
    CHECK(subject_hash(key, "https://issuer.example", "alice") != subject_hash("another key", "https://issuer.example", "alice"));
}
