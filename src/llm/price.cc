// Money, counted in whole numbers.
#include "llm/price.h"

#include <algorithm>
#include <limits>

#include "base/number.h"
#include "base/text.h"

namespace forge {

namespace {

constexpr std::size_t price_decimals = 6;
constexpr std::size_t cost_decimals = 12;
constexpr std::int64_t pico_of_one = 1'000'000'000'000;
constexpr std::int64_t micros_of_one = 1'000'000;
constexpr std::int64_t dearest_micros = 10'000 * micros_of_one;   // with most_tokens of it 64 bits are enough
constexpr std::int64_t largest_amount = 9'000'000;   // the most that 64 bits hold in pico
constexpr long most_tokens = 100'000'000;

std::int64_t sum(std::int64_t a, std::int64_t b)
{
    std::int64_t result = 0;
    return __builtin_add_overflow(a, b, &result) ? std::numeric_limits<std::int64_t>::max() : result;
}

/// In units of its last decimal.
std::optional<std::int64_t> parse_decimal(std::string_view text, std::size_t most_decimals, std::int64_t most)
{
    const auto point = text.find('.');
    const std::string_view decimals = point == text.npos ? "0" : text.substr(point + 1);
    const auto whole = parse_unsigned(text.substr(0, point));
    if (!whole || *whole > static_cast<std::uint64_t>(most) || decimals.empty() || decimals.size() > most_decimals)
        return std::nullopt;
    const auto part = parse_unsigned(std::string{decimals} + std::string(most_decimals - decimals.size(), '0'));
    if (!part || (*whole == static_cast<std::uint64_t>(most) && *part > 0))
        return std::nullopt;
    auto units = static_cast<std::int64_t>(*whole);
    for (std::size_t i = 0; i < most_decimals; ++i)
        units *= 10;
    return units + static_cast<std::int64_t>(*part);
}

}

std::string Cost::amount() const
{
    std::string text = std::to_string(pico / pico_of_one);
    std::string decimals = std::to_string(pico % pico_of_one);
    decimals.insert(0, cost_decimals - decimals.size(), '0');
    decimals.resize(decimals.find_last_not_of('0') + 1);   // npos + 1 is none
    return decimals.empty() ? text : text + "." + decimals;
}

Cost& Cost::operator+=(const Cost& other)
{
    pico = sum(pico, other.pico);
    return *this;
}

std::optional<std::int64_t> parse_micros(std::string_view text)
{
    return parse_decimal(text, price_decimals, dearest_micros / micros_of_one);
}

std::optional<std::int64_t> parse_pico(std::string_view text)
{
    return parse_decimal(text, cost_decimals, largest_amount);
}

std::string decimal_text(const Json& value)
{
    if (value.is_integer())
        return std::to_string(value.as_integer());
    return value.is_number() ? ecmascript_number(value.as_number()) : std::string{value.as_text()};
}

Cost cost_of(const Price& price, long input_tokens, long output_tokens, std::string currency)
{
    const std::int64_t input = std::clamp(input_tokens, 0L, most_tokens) * price.input;
    const std::int64_t output = std::clamp(output_tokens, 0L, most_tokens) * price.output;
    return {sum(input, output), std::move(currency)};
}

}
