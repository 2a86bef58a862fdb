// Plain YAML scalars by the core schema (YAML 1.2.2, 10.3.2).
#include "lib/yaml_parts.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <system_error>
#include <type_traits>

#include "base/error.h"

namespace forge {

namespace {

std::size_t digits_at(std::string_view text, std::size_t from)
{
    return std::min(text.find_first_not_of("0123456789", from), text.size()) - from;
}

// YAML 1.2, 10.3.2: [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_decimal(std::string_view text)
{
    std::size_t i = text.starts_with('-') || text.starts_with('+');
    const auto whole = digits_at(text, i);
    i += whole;
    if (i < text.size() && text[i] == '.') {
        const auto fraction = digits_at(text, i + 1);
        if (whole + fraction == 0)
            return false;
        i += 1 + fraction;
    } else if (whole == 0) {
        return false;
    }
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        i += i < text.size() && (text[i] == '-' || text[i] == '+');
        const auto exponent = digits_at(text, i);
        if (exponent == 0)
            return false;
        i += exponent;
    }
    return i == text.size();
}

template <class Number>
Number number_from(std::string_view digits, int base)
{
    Number number{};
    const char* const end = digits.data() + digits.size();
    std::from_chars_result result{};
    if constexpr (std::is_integral_v<Number>)
        result = std::from_chars(digits.data(), end, number, base);
    else
        result = std::from_chars(digits.data(), end, number);
    if (result.ec != std::errc{} || result.ptr != end)
        throw Error("a number that is too large for JSON: quote it");
    return number;
}

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> words)
{
    return std::ranges::find(words, text) != words.end();
}

// A number of the core schema, or absent.
Json number_in(std::string_view text)
{
    if (text.starts_with("0x") && text.size() > 2 && text.find_first_not_of("0123456789abcdefABCDEF", 2) == text.npos)
        return number_from<long long>(text.substr(2), 16);
    if (text.starts_with("0o") && text.size() > 2 && text.find_first_not_of("01234567", 2) == text.npos)
        return number_from<long long>(text.substr(2), 8);
    if (is_decimal(text)) {
        const auto unsigned_part = text.substr(text.starts_with('+'));
        if (text.find_first_of(".eE") == text.npos)
            return number_from<long long>(unsigned_part, 10);
        return number_from<double>(unsigned_part, 10);
    }
    const auto magnitude = text.substr(text.starts_with('-') || text.starts_with('+'));
    if (is_any_of(magnitude, {".inf", ".Inf", ".INF"}) || is_any_of(text, {".nan", ".NaN", ".NAN"}))
        throw Error("a number that is not finite has no JSON form: quote it");
    return {};
}

}

Json plain_value(std::string_view text)
{
    if (text.empty() || is_any_of(text, {"~", "null", "Null", "NULL"}))
        return nullptr;
    if (is_any_of(text, {"true", "True", "TRUE"}))
        return true;
    if (is_any_of(text, {"false", "False", "FALSE"}))
        return false;
    const bool may_be_number = std::string_view{"0123456789+-."}.find(text.front()) != text.npos;
    if (Json number = may_be_number ? number_in(text) : Json{})
        return number;
    return text;
}

}
