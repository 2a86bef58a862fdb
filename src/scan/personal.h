// Finds personal and payment data in a text: mail addresses, IBANs, card numbers, telephone numbers.
#pragma once

#include <bitset>
#include <cstddef>
#include <string_view>
#include <vector>

namespace forge {

enum class PersonalKind { email, iban, card, phone };

/// By the number of the kind.
using PersonalKinds = std::bitset<4>;
constexpr PersonalKinds all_personal_kinds{0b1111};

struct PersonalFinding {
    PersonalKind kind{};
    std::size_t offset = 0;
    std::size_t length = 0;
};

/// "email", "iban", "card", "phone"
std::string_view personal_name(PersonalKind kind);

/// By offset, at most `limit`, none overlapping another.  IBANs pass ISO 7064 (mod 97) and have their country's length;
/// card numbers pass Luhn, begin as an issuer's do and are no documented test number.
std::vector<PersonalFinding> find_personal_data(std::string_view text, std::size_t limit = 10'000);

/// The check of ISO 13616 over the IBAN without blanks.
bool is_iban(std::string_view iban);
/// ISO 7812: digits only, 13 to 19 of them.
bool passes_luhn(std::string_view digits);

}
