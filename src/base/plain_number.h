// Decimal numbers in the one way that is ours to write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace forge {

/// A whole decimal number without sign, blanks or leading zeros: one number has one text.  Else nothing.
std::optional<std::uint64_t> parse_plain_unsigned(std::string_view text);

}
