// What tokens cost, in exact decimal arithmetic.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/json.h"

namespace forge {

/// An amount of money, in millionths of millionths of its currency: a token's price is exact in it.
struct Cost {
    std::int64_t pico = 0;
    std::string currency = {};   // "USD"

    /// "0.0123": no exponent, no zeros at the end.
    std::string amount() const;
    /// Stops at the largest amount instead of overflowing.  The other one has the same currency.
    Cost& operator+=(const Cost& other);
};

/// In millionths of the currency for a million tokens, which is pico for one.
struct Price {
    std::int64_t input = 0;
    std::int64_t output = 0;
};

/// "2.50" is 2,500,000 millionths.  Nothing for what is no plain decimal number, has more than six decimals, or is
/// above 10,000.
std::optional<std::int64_t> parse_micros(std::string_view text);

/// "0.0123" is 12,300,000,000 pico.  Nothing for what is no plain decimal number, has more than twelve decimals, or is
/// above 9,000,000.
std::optional<std::int64_t> parse_pico(std::string_view text);
/// A number of a file as text (then exactly what the shortest digits for it say), or the text that stands there.
std::string decimal_text(const Json& value);

/// Of so many tokens; numbers below zero or above a hundred million, which no provider can mean, count as those.
Cost cost_of(const Price& price, long input_tokens, long output_tokens, std::string currency);

}
