// When a token was sent, as a part of its text: all processes of a machine share the steady clock.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forge::bench {

constexpr std::int64_t stamp_span = 1'000'000'000;   // microseconds until stamps come again

inline std::int64_t stamp_now()
{
    return std::chrono::duration_cast<Micros>(steady_now().time_since_epoch()).count() % stamp_span;
}

/// "t" and nine digits.
inline std::string stamp()
{
    const std::string digits = std::to_string(stamp_now());
    return "t" + std::string(9 - digits.size(), '0') + digits;
}

/// How long ago the first stamp in the text was made.
inline std::optional<Micros> age_of_stamp(std::string_view text)
{
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (auto at = text.find('t'); at != text.npos && at + 9 < text.size(); at = text.find('t', at + 1)) {
        std::int64_t made = 0;
        std::size_t digits = 0;
        for (; digits < 9 && is_digit(text[at + 1 + digits]); ++digits)
            made = made * 10 + (text[at + 1 + digits] - '0');
        if (digits == 9)
            return Micros{(stamp_now() - made + stamp_span) % stamp_span};
    }
    return std::nullopt;
}

}
