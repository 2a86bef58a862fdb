// URI references as $id and $ref use them (RFC 3986).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace forge::schema {

/// Section 3: each part with its delimiter, so that an absent part differs from an empty one.
struct UriParts {
    std::string_view scheme = {};      // "http:"
    std::string_view authority = {};   // "//host"
    std::string_view path = {};
    std::string_view query = {};       // "?x"
    std::string_view fragment = {};    // "#y"
};
UriParts uri_parts(std::string_view uri);

/// RFC 3986 section 5.2: the reference as seen from the base; with an empty base the reference itself.
std::string resolve_uri(std::string_view base, std::string_view reference);

/// What stands before and after the first '#'.
std::pair<std::string, std::string> split_fragment(std::string_view uri);

/// Percent-decoded; nothing for a broken escape.
std::optional<std::string> percent_decoded(std::string_view text);

}
