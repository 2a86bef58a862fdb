// Finds personal and payment data in a text.
#include "scan/personal.h"

#include "test.h"

#include <string>

using namespace forge;

namespace {

/// "kind=text;" of each.
std::string found(const std::string& text)
{
    std::string all;
    for (const auto& finding : find_personal_data(text))
        all += std::string{personal_name(finding.kind)} + "=" + text.substr(finding.offset, finding.length) + ";";
    return all;
}

}

TEST(mail_addresses_are_found_but_not_those_of_documents)
{
    CHECK_EQUAL("email=anna.k+x@bank.eu;"s, found("to <anna.k+x@bank.eu>, a@example.com, b@host.test, user@host"));
}

TEST(an_iban_needs_its_length_and_its_check_digits)
{
    CHECK_EQUAL("iban=DE89 3704 0044 0532 0130 00;"s, found("IBAN DE89 3704 0044 0532 0130 00 BIC"));
    CHECK_EQUAL("iban=GB82WEST12345698765432;"s, found("(GB82WEST12345698765432)"));
    CHECK_EQUAL(""s, found("DE88 3704 0044 0532 0130 00"));
    CHECK_EQUAL(""s, found("DE89 3704 0044 0532 0130"));
    CHECK(is_iban("NO9386011117947"));
    CHECK(!is_iban("XX9386011117947"));
    CHECK(!is_iban(""));
}

TEST(a_card_number_passes_luhn_and_is_no_test_number)
{
    CHECK_EQUAL("card=4539 5787 6362 1486;"s, found("card: 4539 5787 6362 1486, next"));
    CHECK_EQUAL("card=5425233430109903;"s, found("5425233430109903"));
    CHECK_EQUAL(""s, found("4539 5787 6362 1487"));
    CHECK_EQUAL(""s, found("4111 1111 1111 1111"));
    CHECK_EQUAL(""s, found("0000000000000000"));
    CHECK_EQUAL(""s, found("id 17639000000000045"));
    CHECK(!passes_luhn("4539x"));
}

TEST(telephone_numbers_need_their_country)
{
    CHECK_EQUAL("phone=+49 30 901820;"s, found("call +49 30 901820."));
    CHECK_EQUAL("phone=+1-202-555-0143;"s, found("+1-202-555-0143"));
    CHECK_EQUAL(""s, found("1 + 22 and 030 901820"));
}

TEST(personal_data_is_bounded_in_number)
{
    std::string text;
    for (int i = 0; i < 100; ++i)
        text += "a" + std::to_string(i) + "@bank.eu ";
    CHECK_EQUAL(std::size_t{7}, find_personal_data(text, 7).size());
}
