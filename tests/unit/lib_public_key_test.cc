// Signatures of the standards' own examples, and keys that are none.
#include "lib/public_key.h"

#include "base/text.h"
#include "tests/unit/test.h"

using namespace forge;

namespace {

std::string decoded(std::string_view text)
{
    return from_base64url(text).value();
}

/// A public key and what was signed with it.
struct Example {
    const char* from;
    Signature signature;
    std::optional<PublicKey> key;
    std::string input;
    std::string signed_as;
};

constexpr const char* modulus =   // RFC 7515 A.2
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0"
    "Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXnd"
    "S5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5Ihl"
    "JH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

Example rfc7515_a2()
{
    return {"RFC 7515 A.2", Signature::rs256,
            PublicKey::rsa(decoded(modulus), decoded("AQAB")),
            "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
            "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CU"
            "Ar7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d"
            "O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig"
            "cN_IoypGlUPQGe77Rw"};
}

Example rfc7515_a3()
{
    return {"RFC 7515 A.3", Signature::es256,
            PublicKey::p256(decoded("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                            decoded("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")),
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
            "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"};
}

Example rfc7520_4_1()
{
    return {"RFC 7520 4.1", Signature::rs256,
            PublicKey::rsa(decoded("n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_A"
                                   "JmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7"
                                   "Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L"
                                   "_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw"),
                           decoded("AQAB")),
            "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXN"
            "zLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXI"
            "gZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4",
            "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDk"
            "oBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9Uzp"
            "ERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogo"
            "ree7vjbU5y18kDquDg"};
}

Example rfc8037_a4()
{
    return {"RFC 8037 A.4", Signature::eddsa,
            PublicKey::ed25519(decoded("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")),
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"};
}

}

TEST(the_signatures_of_the_standards_are_verified)
{
    for (const auto& example : {rfc7515_a2, rfc7515_a3, rfc7520_4_1, rfc8037_a4}) {
        const Example given = example();
        const std::string bytes = decoded(given.signed_as);
        CPPUNIT_ASSERT_MESSAGE(given.from, given.key && given.key->verify(given.signature, given.input, bytes));
        CHECK(!given.key->verify(given.signature, given.input + "x", bytes));
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            std::string changed = bytes;
            changed[i] = static_cast<char>(changed[i] ^ 1);
            CHECK(!given.key->verify(given.signature, given.input, changed));
        }
    }
}

TEST(a_key_verifies_signatures_of_its_own_type_only)
{
    const Example ec = rfc7515_a3();
    for (const auto other : {Signature::rs256, Signature::ps256, Signature::eddsa})
        CHECK(!ec.key->verify(other, ec.input, decoded(ec.signed_as)));
}

TEST(numbers_that_are_no_key_of_ours_give_none)
{
    const std::string good = decoded(modulus);
    CHECK(PublicKey::rsa(good, "\x03"));
    CHECK(!PublicKey::rsa(good.substr(1), "\x03"));                             // 2040 bits
    CHECK(!PublicKey::rsa('\xc1' + std::string(1024, '\x5a') + '\x01', "\x03"));   // 8208 bits
    CHECK(!PublicKey::rsa(good, "\x01"));
    CHECK(!PublicKey::rsa(good, "\x01\x00\x02"s));                             // even
    CHECK(!PublicKey::rsa(good, std::string(9, '\x01')));
    CHECK(!PublicKey::rsa("", ""));
    CHECK(!PublicKey::p256(std::string(32, '\0'), std::string(32, '\0')));     // the point at infinity, or none
    CHECK(!PublicKey::p256(std::string(31, '\1'), std::string(32, '\1')));
    CHECK(!PublicKey::p256(std::string(32, '\xff'), std::string(32, '\xff')));
    CHECK(!PublicKey::ed25519(std::string(31, '\1')));
}
