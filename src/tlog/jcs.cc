// Canonical JSON (RFC 8785): made from a tree.
#include "tlog/jcs.h"

#include "base/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace forge {

namespace {

class Writer {
public:
    explicit Writer(JcsProfile profile) : strict_(profile == JcsProfile::ledger) {}

    void write(const Json& json, int depth)
    {
        if (json.is_object())
            write_object(json, depth + 1);
        else if (json.is_array())
            write_array(json, depth + 1);
        else if (json.is_string())
            write_text(json.as_text());
        else if (json.is_integer())
            write_integer(json.as_integer());
        else if (json.is_number())
            write_real(json.as_number());
        else if (json.is_bool())
            out_ += json.as_bool() ? "true" : "false";
        else if (json.is_null())
            out_ += "null";
        else
            throw Error("an absent value has no canonical form");
    }

    std::string take() { return std::move(out_); }

private:
    void check_depth(int depth) const
    {
        if (strict_ && depth > canonical_depth)
            throw Error("nested deeper than " + std::to_string(canonical_depth));
    }

    void write_object(const Json& json, int depth)
    {
        check_depth(depth);
        auto members = json.members();
        std::sort(members.begin(), members.end(),
                  [](const auto& a, const auto& b) { return canonical_less(a.first, b.first); });
        out_ += '{';
        std::string_view separator;
        for (const auto& [name, value] : members) {
            out_ += separator;
            write_text(name);
            out_ += ':';
            write(value, depth);
            separator = ",";
        }
        out_ += '}';
    }

    void write_array(const Json& json, int depth)
    {
        check_depth(depth);
        out_ += '[';
        std::string_view separator;
        for (const Json& item : json.items()) {
            out_ += separator;
            write(item, depth);
            separator = ",";
        }
        out_ += ']';
    }

    void write_text(std::string_view text)
    {
        out_ += '"';
        for (const char c : text)
            write_character(c);
        out_ += '"';
    }

    void write_character(char c)
    {
        static constexpr std::string_view special = "\"\\\b\t\n\f\r";
        static constexpr std::string_view letters = "\"\\btnfr";
        static constexpr std::string_view digits = "0123456789abcdef";
        if (c == '\0' && strict_)
            throw Error("a text contains U+0000");
        if (const auto at = special.find(c); at != special.npos) {
            out_ += '\\';
            out_ += letters[at];
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out_ += "\\u00";
            out_ += digits[static_cast<unsigned char>(c) >> 4];
            out_ += digits[static_cast<unsigned char>(c) & 15];
        } else {
            out_ += c;
        }
    }

    void write_integer(std::int64_t number)
    {
        if (number >= -canonical_integer_limit && number <= canonical_integer_limit)
            out_ += std::to_string(number);
        else
            write_real(static_cast<double>(number));
    }

    void write_real(double number)
    {
        const std::string form = canonical_number(number);
        if (strict_ && std::fabs(number) > static_cast<double>(canonical_integer_limit) && form.find('e') == form.npos)
            throw Error("an integer is beyond 2^53-1");
        out_ += form;
    }

    bool strict_;
    std::string out_;
};

// "d", "ddd" and the decimal point's place, from to_chars' "d.dde-07": its digits are the shortest that round-trip.
struct Decimal {
    std::string digits;
    int point = 0;   // 0.DIGITS times ten to the power of `point`
};

Decimal shortest(double number)
{
    std::array<char, 32> buffer;
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific).ptr;
    const std::string_view text{buffer.data(), static_cast<std::size_t>(end - buffer.data())};
    const auto exponent_at = text.find('e');
    Decimal decimal{std::string{text.substr(0, exponent_at)}};
    std::erase(decimal.digits, '.');
    const auto exponent = text.substr(exponent_at + (text[exponent_at + 1] == '+' ? 2 : 1));
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), decimal.point);
    ++decimal.point;
    return decimal;
}

// Four bytes of UTF-8, from 0xF0 on, are a surrogate pair in UTF-16, D800 to DFFF: less than U+E000 to U+FFFF, which
// begin with 0xEE and 0xEF.
int utf16_rank(char c) noexcept
{
    const int byte = static_cast<unsigned char>(c);
    return byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte;
}

}

std::string canonical_number(double number)
{
    if (!std::isfinite(number))
        throw Error("a number that is not finite has no JSON form");
    if (number == 0)
        return "0";
    const std::string sign = number < 0 ? "-" : "";
    const auto [digits, point] = shortest(std::fabs(number));
    const int size = static_cast<int>(digits.size());
    if (point > 21 || point < -5) {   // ECMA-262, Number::toString, the steps with an exponent
        const std::string fraction = size > 1 ? "." + digits.substr(1) : "";
        return sign + digits[0] + fraction + (point > 0 ? "e+" : "e-") + std::to_string(std::abs(point - 1));
    }
    if (point >= size)
        return sign + digits + std::string(static_cast<std::size_t>(point - size), '0');
    if (point > 0)
        return sign + digits.substr(0, static_cast<std::size_t>(point)) + "."
               + digits.substr(static_cast<std::size_t>(point));
    return sign + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
}

bool canonical_less(std::string_view a, std::string_view b) noexcept
{
    const auto [at, bt] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (at == a.end() || bt == b.end())
        return bt != b.end();
    return utf16_rank(*at) < utf16_rank(*bt);
}

std::string canonical_json(const Json& json, JcsProfile profile)
{
    Writer writer{profile};
    writer.write(json, 0);
    return writer.take();
}

}
