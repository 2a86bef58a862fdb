// JSON values as JSON Schema compares them, seen without copies or reference counts.
#include "schema/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>

namespace forge::schema {

namespace {

__extension__ using Wide = unsigned __int128;

// A number as digits * 10^exponent: the shortest decimal that reads back as the same double.
struct Decimal {
    std::uint64_t digits = 0;
    int exponent = 0;
};

Decimal decimal_of(Value number)
{
    if (json_is_integer(number)) {
        const auto value = json_integer_value(number);
        return {value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value), 0};
    }
    std::array<char, 64> text{};
    const double size = std::fabs(json_real_value(number));
    const auto end = std::to_chars(text.begin(), text.end(), size, std::chars_format::scientific).ptr;
    Decimal decimal;
    const char* at = text.begin();
    for (bool fraction = false; at != end && *at != 'e'; ++at) {
        if (*at == '.') {
            fraction = true;
            continue;
        }
        decimal.digits = decimal.digits * 10 + static_cast<std::uint64_t>(*at - '0');
        decimal.exponent -= fraction;
    }
    int power = 0;
    at += at != end && at[1] == '+' ? 2 : 1;   // from_chars takes no plus
    std::from_chars(at, end, power);
    decimal.exponent += power;
    return decimal;
}

std::uint64_t power_of_ten_modulo(int exponent, std::uint64_t modulus)
{
    Wide result = 1 % modulus;
    Wide base = 10 % modulus;
    for (; exponent > 0; exponent /= 2, base = base * base % modulus)
        if (exponent % 2 != 0)
            result = result * base % modulus;
    return static_cast<std::uint64_t>(result);
}

bool same_members(Value a, Value b)
{
    return json_object_size(a) == json_object_size(b) && each_member(a, [b](std::string_view name, Value mine) {
               const Value other = member(b, name);
               return other && same_value(mine, other);
           });
}

bool same_items(Value a, Value b)
{
    if (json_array_size(a) != json_array_size(b))
        return false;
    for (std::size_t i = 0; i < json_array_size(a); ++i)
        if (!same_value(json_array_get(a, i), json_array_get(b, i)))
            return false;
    return true;
}

std::size_t mixed(std::size_t seed, std::size_t hash)
{
    return (seed ^ hash) * 0x9E3779B97F4A7C15U;
}

}

std::string_view text_of(Value string)
{
    return {json_string_value(string), json_string_length(string)};
}

Value member(Value object, std::string_view name)
{
    return json_object_getn(object, name.data(), name.size());
}

int compare_numbers(Value a, Value b)
{
    // A long double holds every 64-bit integer and every double exactly.
    const auto exact = [](Value v) -> long double {
        return json_is_integer(v) ? static_cast<long double>(json_integer_value(v))
                                  : static_cast<long double>(json_real_value(v));
    };
    return exact(a) < exact(b) ? -1 : exact(a) > exact(b) ? 1 : 0;
}

bool same_value(Value a, Value b)
{
    if (a == b)
        return true;
    if (json_is_number(a) && json_is_number(b))
        return compare_numbers(a, b) == 0;
    if (json_typeof(a) != json_typeof(b))
        return false;
    switch (json_typeof(a)) {
    case JSON_STRING:
        return text_of(a) == text_of(b);
    case JSON_ARRAY:
        return same_items(a, b);
    case JSON_OBJECT:
        return same_members(a, b);
    default:
        return true;   // true, false, null
    }
}

std::size_t hash_of(Value value)
{
    const auto seed = static_cast<std::size_t>(json_typeof(value)) + 1;
    switch (json_typeof(value)) {
    case JSON_STRING:
        return mixed(seed, std::hash<std::string_view>{}(text_of(value)));
    case JSON_INTEGER:
    case JSON_REAL:
        return mixed(0, std::hash<double>{}(json_number_value(value)));
    case JSON_ARRAY: {
        std::size_t hash = seed;
        for (std::size_t i = 0; i < json_array_size(value); ++i)
            hash = mixed(hash, hash_of(json_array_get(value, i)));
        return hash;
    }
    case JSON_OBJECT: {
        std::size_t hash = seed;
        each_member(value, [&](std::string_view name, Value held) {
            hash += mixed(std::hash<std::string_view>{}(name), hash_of(held));
            return true;
        });
        return hash;
    }
    default:
        return seed;
    }
}

bool is_integral(Value number)
{
    return json_is_integer(number)
           || (json_is_real(number) && std::floor(json_real_value(number)) == json_real_value(number));
}

bool is_multiple(Value value, Value divisor)
{
    const Decimal a = decimal_of(value);
    const Decimal b = decimal_of(divisor);
    const int shift = a.exponent - b.exponent;
    if (shift >= 0)
        return static_cast<Wide>(a.digits % b.digits) * power_of_ten_modulo(shift, b.digits) % b.digits == 0;
    Wide scaled = b.digits;
    for (int i = 0; i < -shift && scaled <= a.digits; ++i)
        scaled *= 10;
    return a.digits % scaled == 0;
}

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

std::string pointer_to(std::string_view pointer, std::string_view token)
{
    std::string out{pointer};
    out += '/';
    for (const char c : token) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

std::string unescaped_token(std::string_view token)
{
    std::string out;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const bool escaped = token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1');
        out += escaped ? (token[++i] == '0' ? '~' : '/') : token[i];
    }
    return out;
}

}
