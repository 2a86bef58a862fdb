// Text: encodings, splitting, numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

using Bytes = std::span<const unsigned char>;

/// The bytes of a text, without a copy.
Bytes bytes_of(std::string_view text);
/// The text of bytes, without a copy.
std::string_view text_of(Bytes bytes);

/// Lower-case hex.
std::string hex(Bytes bytes);
std::string hex(std::string_view bytes);
/// The bytes, or nothing for an odd length or anything but hex digits (either case).
std::optional<std::string> from_hex(std::string_view text);

/// RFC 4648 section 4, with padding.
std::string base64(Bytes bytes);
std::string base64(std::string_view bytes);
/// Strict: canonical padding, no line breaks, unused bits zero; else nothing.
std::optional<std::string> from_base64(std::string_view text);
/// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);
/// Strict: no padding, unused bits zero; else nothing.
std::optional<std::string> from_base64url(std::string_view text);

/// Well-formed UTF-8 (RFC 3629): no surrogates, no overlong forms.
bool is_utf8(std::string_view text);
/// The position of the first byte that is not part of well-formed UTF-8, or npos.
std::size_t utf8_error(std::string_view text);
/// At most `limit` bytes of well-formed UTF-8, cut between code points.
std::string_view utf8_prefix(std::string_view text, std::size_t limit);
/// Appends a code point (a valid scalar value) as UTF-8.
void append_utf8(std::string& out, char32_t code);

std::string_view trim(std::string_view text);          // blanks, tabs, CR, LF at both ends
std::string lower(std::string_view text);              // ASCII only
bool equal_ignoring_case(std::string_view a, std::string_view b);   // ASCII only
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string replace_all(std::string text, std::string_view from, std::string_view to);

/// A whole decimal number without sign or blanks; else nothing.
std::optional<std::uint64_t> parse_unsigned(std::string_view text);
/// A whole decimal number, a leading minus allowed; else nothing.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// application/x-www-form-urlencoded, one component; "+" is a blank.  Nothing for a broken escape.
std::optional<std::string> url_decode(std::string_view text);
/// Percent-encodes all but unreserved characters (RFC 3986 section 2.3).
std::string url_encode(std::string_view text);

/// Equal, in time that depends on the length only.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}
