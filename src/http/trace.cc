// W3C Trace Context.
#include "http/trace.h"

#include <algorithm>

#include "base/text.h"
#include "os/random.h"

namespace forge {

namespace {

constexpr std::size_t id_digits = 32;
constexpr std::size_t parent_digits = 16;
constexpr std::size_t whole = 2 + 1 + id_digits + 1 + parent_digits + 1 + 2;

bool is_hex(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text)
{
    return is_hex(text) && text.find_first_not_of('0') != text.npos;
}

int nibble(char digit)
{
    return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

}

Trace Trace::of(std::string_view text)
{
    if (text.size() < whole || text[2] != '-' || text[35] != '-' || text[52] != '-')
        return {};
    const std::string_view version = text.substr(0, 2);
    const std::string_view flags = text.substr(53, 2);
    if (!is_hex(version) || version == "ff" || !is_hex(flags))
        return {};
    // A version that is not known yet may have more, after a dash.
    if (text.size() > whole && (version == "00" || text[whole] != '-'))
        return {};
    if (!is_id(text.substr(3, id_digits)) || !is_id(text.substr(36, parent_digits)))
        return {};
    return {std::string{text.substr(3, id_digits)}, (nibble(flags[1]) & 1) != 0};
}

std::string Trace::traceparent() const
{
    std::string parent;
    do
        parent = hex(random_bytes(parent_digits / 2));
    while (!is_id(parent));
    return "00-" + id + "-" + parent + (is_sampled ? "-01" : "-00");
}

}
