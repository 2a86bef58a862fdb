// Text: encodings and numbers.
#include "tests/unit/test.h"

#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/plain_number.h"
#include "base/text.h"

using namespace forge;

TEST(base64_gives_the_vectors_of_rfc_4648)
{
    CHECK_EQUAL(""s, base64(""));
    CHECK_EQUAL("Zg=="s, base64("f"));
    CHECK_EQUAL("Zm8="s, base64("fo"));
    CHECK_EQUAL("Zm9vYmFy"s, base64("foobar"));
    CHECK_EQUAL("foob"s, from_base64("Zm9vYg==").value());
}

TEST(a_plain_number_has_no_leading_zeros)
{
    CHECK_EQUAL(std::uint64_t{0}, parse_plain_unsigned("0").value());
    CHECK_EQUAL(std::uint64_t{10}, parse_plain_unsigned("10").value());
    for (const char* text : {"", "00", "01", "+1", "-1", " 1", "1 ", "1.0", "0x1", "18446744073709551616"})
        CHECK(!parse_plain_unsigned(text));
    CHECK_EQUAL(std::uint64_t{1}, parse_unsigned("01").value());
}

TEST(base64_refuses_stray_bits_padding_and_signs)
{
    for (const auto* text : {"Zh==", "Zg=", "Zg", "Zg===", "Z", "Zm9v\n", "Zm9-"})
        CHECK(!from_base64(text));
    CHECK(!from_base64url("Zg=="));
    CHECK(!from_base64url("Zh"));
    CHECK_EQUAL("f"s, from_base64url("Zg").value());
}

TEST(utf8_refuses_surrogates_overlong_forms_and_cut_sequences)
{
    CHECK(is_utf8("caf\xC3\xA9 \xF0\x9F\x98\x80"));
    for (const auto* text : {"\xED\xA0\x80", "\xC0\x80", "\xE0\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\x80"})
        CHECK(!is_utf8(text));
    CHECK_EQUAL("caf"s, std::string{utf8_prefix("caf\xC3\xA9", 4)});
}

TEST(a_url_component_decodes_once_and_refuses_broken_escapes)
{
    CHECK_EQUAL("a b/%41"s, url_decode("a+b%2F%2541").value());
    CHECK(!url_decode("%4"));
    CHECK(!url_decode("%zz"));
    CHECK_EQUAL("a%2fb%20"s, url_encode("a/b "));
}

TEST(a_time_survives_its_text)
{
    const auto time = parse_rfc3339("2026-11-23T18:19:03.000001Z");
    CHECK(time.has_value());
    CHECK_EQUAL("2026-11-23T18:19:03.000001Z"s, rfc3339(*time));
    CHECK_EQUAL("2026-11-23T16:19:03.500000Z"s, rfc3339(parse_rfc3339("2026-11-23T18:19:03.5+02:00").value()));
    CHECK_EQUAL("2026-02-01T00:00:00.000000Z"s, rfc3339(parse_rfc3339("2026-02-01").value()));
    for (const auto* text : {"2026-02-30", "2026-11-23T18:19:03", "2026-11-23T25:00:00Z", "now"})
        CHECK(!parse_rfc3339(text));
}

TEST(uuids_are_well_formed_and_rise)
{
    std::string last;
    for (int i = 0; i < 10000; ++i) {
        const std::string id = uuid_v7();
        CHECK(is_uuid(id) && id[14] == '7' && id > last);
        last = id;
    }
}

TEST(a_log_line_cannot_be_broken_by_its_text)
{
    CHECK_EQUAL("\"a\\u000ab\\\"\xEF\xBF\xBD\""s, json_quoted("a\nb\"\xFF"));
}
