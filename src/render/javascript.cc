// What JavaScript makes of JSON values, as far as Handlebars shows it.
#include "render/javascript.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/number.h"
#include "base/text.h"

namespace forge::render {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";   // U+FFFD

// ECMA-262, WhiteSpace and LineTerminator, but for those of ASCII.
constexpr std::array<std::string_view, 19> wide_blanks{
    "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
    "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff"};

bool is_ascii_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_ascii(char c)
{
    return static_cast<unsigned char>(c) < 0x80;
}

// The size of the blank at the start, or 0.
std::size_t first_blank(std::string_view text)
{
    if (text.empty() || is_ascii(text.front()))
        return !text.empty() && is_ascii_blank(text.front()) ? 1 : 0;
    const auto found = std::ranges::find_if(wide_blanks, [text](std::string_view blank) { return text.starts_with(blank); });
    return found == wide_blanks.end() ? 0 : found->size();
}

std::size_t last_blank(std::string_view text)
{
    if (text.empty() || is_ascii(text.back()))
        return !text.empty() && is_ascii_blank(text.back()) ? 1 : 0;
    const auto found = std::ranges::find_if(wide_blanks, [text](std::string_view blank) { return text.ends_with(blank); });
    return found == wide_blanks.end() ? 0 : found->size();
}

void write_json_string(std::string& out, std::string_view text)
{
    constexpr std::string_view special = "\"\\\b\t\n\f\r";
    constexpr std::string_view letters = "\"\\btnfr";
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        if (const auto at = special.find(c); at != std::string_view::npos)
            out += {'\\', letters[at]};
        else if (static_cast<unsigned char>(c) < 0x20)
            (out += "\\u00") += {digits[static_cast<unsigned char>(c) / 16], digits[static_cast<unsigned char>(c) % 16]};
        else
            out += c;
    }
    out += '"';
}

void write_json(std::string& out, const Value& value)
{
    const char* separator = "";
    if (value.is_string()) {
        write_json_string(out, value.as_text());
    } else if (value.is_array()) {
        out += '[';
        for (const auto& item : value.items()) {
            out += std::exchange(separator, ",");
            write_json(out, item);
        }
        out += ']';
    } else if (value.is_object()) {
        out += '{';
        for (const auto& [name, held] : ordered_members(value)) {
            out += std::exchange(separator, ",");
            write_json_string(out, name);
            out += ':';
            write_json(out, held);
        }
        out += '}';
    } else {
        out += value.is_null() ? "null" : scalar_text(value);
    }
}

// The array index that a property name is: canonical, below 2^32 - 1.
std::optional<std::uint32_t> array_index(std::string_view name)
{
    if (name.empty() || name.size() > 10 || (name.size() > 1 && name[0] == '0'))
        return std::nullopt;
    const auto number = parse_unsigned(name);
    if (!number || *number >= std::numeric_limits<std::uint32_t>::max())
        return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

std::size_t character_size(unsigned char first)
{
    return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

// The text of the UTF-16 unit at an index; half of a pair cannot stand alone in UTF-8 and is U+FFFD.
Value unit_of(std::string_view text, std::uint32_t index)
{
    std::size_t units = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = character_size(static_cast<unsigned char>(text[at]));
        units += size == 4 ? 2 : 1;
        if (units > index)
            return size == 4 ? Value{replacement} : Value{text.substr(at, size)};
        at += size;
    }
    return {};
}

std::size_t utf16_length(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; })
        + std::ranges::count_if(text, [](char c) { return static_cast<unsigned char>(c) >= 0xF0; }));
}

// String(value) of any value: what an object is when it is compared with a scalar.
std::string primitive_text(const Value& value)
{
    if (value.is_object())
        return "[object Object]";
    if (!value.is_array())
        return scalar_text(value);
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i)
        text += (i == 0 ? "" : ",") + primitive_text(value.at(i));
    return text;
}

// Number(text): decimal only, which is all that numbers print as.
double number_of(std::string_view text)
{
    text.remove_prefix(leading_blanks(text));
    text.remove_suffix(trailing_blanks(text));
    if (text.empty())
        return 0;
    if (text.starts_with('+'))
        text.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
    return error == std::errc{} && end == text.end() ? number : std::numeric_limits<double>::quiet_NaN();
}

double number_of(const Value& value)
{
    return value.is_bool()     ? static_cast<double>(value.as_bool())
           : value.is_number() ? value.as_number()
                               : number_of(value.as_text());
}

bool is_container(const Value& value)
{
    return value.is_array() || value.is_object();
}

}

std::string scalar_text(const Value& value)
{
    if (value.is_string())
        return std::string{value.as_text()};
    if (value.is_bool())
        return value.as_bool() ? "true" : "false";
    return value.is_number() ? ecmascript_number(value.as_number()) : "";
}

std::string json_text(const Value& value)
{
    std::string out;
    write_json(out, value);
    return out;
}

bool is_empty(const Value& value)
{
    return !value || value.is_null() || (value.is_bool() && !value.as_bool())
           || (value.is_string() && value.as_text().empty()) || (value.is_array() && value.size() == 0);
}

bool is_truthy(const Value& value)
{
    return !is_empty(value) && !(value.is_number() && value.as_number() == 0);
}

bool loosely_equal(const Value& a, const Value& b)
{
    const bool a_is_nothing = !a || a.is_null();
    const bool b_is_nothing = !b || b.is_null();
    if (a_is_nothing || b_is_nothing)
        return a_is_nothing && b_is_nothing;
    if (is_container(a) && is_container(b))
        return a.get() == b.get();
    if (is_container(a))
        return loosely_equal(primitive_text(a), b);
    if (is_container(b))
        return loosely_equal(a, primitive_text(b));
    return a.is_string() && b.is_string() ? a.as_text() == b.as_text() : number_of(a) == number_of(b);
}

Value property(const Value& value, std::string_view name)
{
    if (value.is_object())
        return value[name];
    if (!value.is_array() && !value.is_string())
        return value.is_null() ? value : Value{};   // a.b of a null a is null, as npm handlebars compiles it
    if (name == "length")
        return value.is_array() ? value.size() : utf16_length(value.as_text());
    const auto index = array_index(name);
    if (!index)
        return {};
    return value.is_array() ? value.at(*index) : unit_of(value.as_text(), *index);
}

std::vector<std::pair<std::string, Value>> ordered_members(const Value& object)
{
    auto members = object.members();
    const auto others = std::stable_partition(members.begin(), members.end(),
                                              [](const auto& member) { return array_index(member.first); });
    std::sort(members.begin(), others,
              [](const auto& a, const auto& b) { return *array_index(a.first) < *array_index(b.first); });
    return members;
}

std::size_t leading_blanks(std::string_view text)
{
    std::size_t size = 0;
    while (const std::size_t blank = first_blank(text.substr(size)))
        size += blank;
    return size;
}

std::size_t trailing_blanks(std::string_view text)
{
    std::size_t size = 0;
    while (const std::size_t blank = last_blank(text.substr(0, text.size() - size)))
        size += blank;
    return size;
}

}
