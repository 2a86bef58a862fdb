// Decimal numbers in the one way that is ours to write them.
#include "base/plain_number.h"

#include "base/text.h"

namespace forge {

std::optional<std::uint64_t> parse_plain_unsigned(std::string_view text)
{
    return text.size() > 1 && text.front() == '0' ? std::nullopt : parse_unsigned(text);
}

}
