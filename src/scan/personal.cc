// Finds personal and payment data in a text.
#include "scan/personal.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <string>

#include "lib/regex.h"

namespace forge {

namespace {

using namespace std::string_view_literals;

struct PersonalRule {
    PersonalKind kind;
    std::string_view pattern;   // group 1 is the data
};

constexpr std::size_t longest = 640;   // bytes that a pattern may match

// By kind.
constexpr PersonalRule rules[] = {
    {PersonalKind::email, R"(\b([A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})\b)"},
    {PersonalKind::iban, R"(\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\b)"},
    {PersonalKind::card, R"((?:^|[^\d.\-])((?:\d[ -]?){12,18}\d)(?:[^\d\-]|$))"},
    {PersonalKind::phone,
     R"((?:^|[^\w+])(\+[1-9]\d{0,2}[ .\-/]?(?:\(\d{1,4}\)[ .\-/]?)?\d{1,4}(?:[ .\-/]?\d{2,5}){1,4})(?:\W|$))"},
};

// Lengths by ISO 13616's registry, the SEPA countries and a few more.
const std::map<std::string_view, std::size_t> iban_lengths{
    {"AD", 24}, {"AE", 23}, {"AT", 20}, {"BE", 16}, {"BG", 22}, {"CH", 21}, {"CY", 28}, {"CZ", 24}, {"DE", 22},
    {"DK", 18}, {"EE", 20}, {"ES", 24}, {"FI", 18}, {"FR", 27}, {"GB", 22}, {"GI", 23}, {"GR", 27}, {"HR", 21},
    {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IS", 26}, {"IT", 27}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21},
    {"MC", 27}, {"MT", 31}, {"NL", 18}, {"NO", 15}, {"PL", 28}, {"PT", 25}, {"RO", 24}, {"SA", 24}, {"SE", 24},
    {"SI", 19}, {"SK", 24}, {"SM", 27}, {"TR", 26}, {"UA", 29}, {"VA", 22}};

// Numbers that issuers and payment services publish for tests.
constexpr std::array test_cards{
    "4111111111111111"sv, "4242424242424242"sv, "4012888888881881"sv, "4000056655665556"sv, "5555555555554444"sv,
    "5105105105105100"sv, "5200828282828210"sv, "378282246310005"sv,  "371449635398431"sv,  "6011111111111117"sv,
    "6011000990139424"sv, "3530111333300000"sv, "3566002020360505"sv, "30569309025904"sv,   "38520000023237"sv};

std::string digits_of(std::string_view text)
{
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), [](unsigned char c) { return std::isdigit(c); });
    return digits;
}

bool has_issuer(std::string_view digits)
{
    const int two = (digits[0] - '0') * 10 + (digits[1] - '0');
    const int four = two * 100 + (digits[2] - '0') * 10 + (digits[3] - '0');
    const auto size = digits.size();
    return (digits[0] == '4' && (size == 13 || size == 16 || size == 19))
        || (((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) && size == 16)
        || ((two == 34 || two == 37) && size == 15) || ((four == 6011 || two == 65 || two == 62) && size >= 16)
        || (four >= 3528 && four <= 3589 && size == 16) || ((two == 36 || two == 38 || two == 30) && size == 14);
}

bool is_card(std::string_view found)
{
    const std::string digits = digits_of(found);
    return passes_luhn(digits) && has_issuer(digits) && std::ranges::find(test_cards, digits) == test_cards.end()
        && digits.find_first_not_of(digits.back()) != digits.npos;
}

bool is_real_address(std::string_view address)
{
    const auto domain = address.substr(address.find('@') + 1);
    constexpr std::array reserved{"example.com"sv, "example.org"sv, "example.net"sv, ".example"sv,
                                  ".test"sv,       ".invalid"sv,    ".localhost"sv,  "noreply.github.com"sv};
    return std::ranges::none_of(reserved, [&](std::string_view end) { return domain.ends_with(end); });
}

/// The data within what a pattern found, or nothing when a check fails.
std::optional<std::string_view> checked(PersonalKind kind, std::string_view found)
{
    if (kind == PersonalKind::email)
        return is_real_address(found) ? std::optional{found} : std::nullopt;
    if (kind == PersonalKind::card)
        return is_card(found) ? std::optional{found} : std::nullopt;
    if (kind == PersonalKind::phone)
        return digits_of(found).size() >= 9 && digits_of(found).size() <= 15 ? std::optional{found} : std::nullopt;
    // An IBAN may be followed by a word in capitals: try shorter ones.
    for (; found.size() >= 15; found.remove_suffix(1)) {
        std::string compact{found};
        std::erase(compact, ' ');
        if (!found.ends_with(' ') && is_iban(compact))
            return found;
    }
    return std::nullopt;
}

const GrowingPattern& pattern_of(PersonalKind kind)
{
    static const std::vector<GrowingPattern> patterns = [] {
        std::vector<GrowingPattern> made;
        for (const auto& rule : rules)
            made.emplace_back(rule.pattern, RegexOptions{.bytes = true});
        return made;
    }();
    return patterns[static_cast<std::size_t>(kind)];
}

std::vector<PersonalKind> chosen(PersonalKinds kinds)
{
    std::vector<PersonalKind> list;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        if (kinds[i])
            list.push_back(rules[i].kind);
    return list;
}

std::vector<const GrowingPattern*> patterns_of(const std::vector<PersonalKind>& kinds)
{
    std::vector<const GrowingPattern*> patterns;
    for (const PersonalKind kind : kinds)
        patterns.push_back(&pattern_of(kind));
    return patterns;
}

/// What may stand before the data is no part of it: where data may begin at or after an offset.
std::size_t data_from(const GrowingText& text, std::size_t offset)
{
    while (offset < text.end()) {
        const char c = text.text[offset - text.base];
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '+')
            break;
        ++offset;
    }
    return offset;
}

}

std::string_view personal_name(PersonalKind kind)
{
    constexpr std::array names{"email"sv, "iban"sv, "card"sv, "phone"sv};
    return names[static_cast<std::size_t>(kind)];
}

std::vector<PersonalFinding> find_personal_data(std::string_view text, std::size_t limit, PersonalKinds kinds)
{
    std::vector<PersonalFinding> findings;
    PersonalFinder{kinds}.look({.text = text}, findings, limit);
    findings.resize(std::min(findings.size(), limit));
    return findings;
}

PersonalFinder::PersonalFinder(PersonalKinds kinds)
    : kinds_(chosen(kinds)), finder_(patterns_of(kinds_), 1, longest)
{
}

ScanProgress PersonalFinder::look(const GrowingText& text, std::vector<PersonalFinding>& findings, std::size_t most)
{
    std::vector<PatternFinder::Match> matches;
    auto progress = finder_.look(text, matches, most);
    for (const auto& match : matches) {
        const auto data = checked(kinds_[match.pattern], text.from(match.offset, match.length));
        if (!data || match.offset < end_of_last_)
            continue;
        findings.push_back({kinds_[match.pattern], match.offset, data->size()});
        end_of_last_ = match.offset + data->size();
    }
    progress.safe = data_from(text, progress.safe);
    return progress;
}

ScanProgress PersonalFinder::look(const GrowingText& text, std::vector<StreamFinding>& findings)
{
    std::vector<PersonalFinding> found;
    const auto progress = look(text, found, std::string_view::npos);
    for (const PersonalFinding& finding : found)
        findings.push_back({personal_name(finding.kind), finding.offset, finding.length});
    return progress;
}

bool is_iban(std::string_view iban)
{
    const auto length = iban.size() < 4 ? iban_lengths.end() : iban_lengths.find(iban.substr(0, 2));
    if (length == iban_lengths.end() || length->second != iban.size())
        return false;
    unsigned rest = 0;
    for (const char c : std::string{iban.substr(4)} + std::string{iban.substr(0, 4)}) {
        const auto byte = static_cast<unsigned char>(c);
        if (!std::isdigit(byte) && !std::isupper(byte))
            return false;
        const unsigned value = std::isdigit(byte) ? byte - '0' : byte - 'A' + 10u;
        rest = (rest * (value > 9 ? 100u : 10u) + value) % 97;
    }
    return rest == 1;
}

bool passes_luhn(std::string_view digits)
{
    if (digits.size() < 13 || digits.size() > 19)
        return false;
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        int digit = digits[digits.size() - 1 - i] - '0';
        if (digit < 0 || digit > 9)
            return false;
        digit *= i % 2 == 0 ? 1 : 2;
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

}
