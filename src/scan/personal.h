// Finds personal and payment data in a text: mail addresses, IBANs, card numbers, telephone numbers.
#pragma once

#include "scan/growing_text.h"
#include "scan/pattern_finder.h"

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

/// By offset, at most `limit`, none overlapping another, of the kinds asked for.  IBANs pass ISO 7064 (mod 97) and have
/// their country's length; card numbers pass Luhn, begin as an issuer's do and are no documented test number.
std::vector<PersonalFinding> find_personal_data(std::string_view text, std::size_t limit = 10'000,
                                                PersonalKinds kinds = all_personal_kinds);

/// The same in a text that grows.
class PersonalFinder : public StreamFinder {
public:
    explicit PersonalFinder(PersonalKinds kinds);

    ScanProgress look(const GrowingText& text, std::vector<StreamFinding>& findings) override;
    ScanProgress look(const GrowingText& text, std::vector<PersonalFinding>& findings, std::size_t most);

private:
    std::vector<PersonalKind> kinds_;   // by pattern of the finder
    PatternFinder finder_;
    std::size_t end_of_last_ = 0;
};

/// The check of ISO 13616 over the IBAN without blanks.
bool is_iban(std::string_view iban);
/// ISO 7812: digits only, 13 to 19 of them.
bool passes_luhn(std::string_view digits);

}
