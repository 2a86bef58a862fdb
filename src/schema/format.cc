// The formats that JSON Schema's "format" can ask for.
#include "schema/format.h"

#include <algorithm>
#include <array>
#include <arpa/inet.h>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "lib/regex.h"
#include "schema/uri.h"

namespace forge::schema {

namespace {

int number_at(std::string_view text, std::size_t from, std::size_t size)
{
    return static_cast<int>(parse_unsigned(text.substr(from, size)).value_or(0));
}

// RFC 3339 section 5.6, full-date, with the days that the month has.
bool is_date(std::string_view text)
{
    static const Regex shape{R"(\d{4}-\d\d-\d\d)"};
    if (!shape.matches(text))
        return false;
    const int year = number_at(text, 0, 4);
    const int month = number_at(text, 5, 2);
    const int day = number_at(text, 8, 2);
    constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1
           && day <= days[static_cast<std::size_t>(month - 1)] + (leap && month == 2);
}

// RFC 3339 section 5.6, full-time; a leap second is the last one of a day in UTC.
bool is_time(std::string_view text)
{
    static const Regex shape{R"((\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d)))"};
    const auto groups = shape.matches(text) ? shape.search(text) : std::nullopt;
    if (!groups)
        return false;
    const auto number = [&](std::size_t group) { return (*groups)[group] ? number_at(*(*groups)[group], 0, 2) : 0; };
    const int hour = number(1);
    const int minute = number(2);
    const int second = number(3);
    if (hour > 23 || minute > 59 || second > 60 || number(5) > 23 || number(6) > 59)
        return false;
    const int sign = (*groups)[4] == "-" ? 1 : -1;
    const int minute_in_utc = (hour * 60 + minute + sign * (number(5) * 60 + number(6)) + 2880) % 1440;
    return second < 60 || minute_in_utc == 1439;
}

bool is_date_time(std::string_view text)
{
    return text.size() > 11 && (text[10] == 'T' || text[10] == 't') && is_date(text.substr(0, 10))
           && is_time(text.substr(11));
}

// ISO 8601 as in RFC 3339 appendix A.
bool is_duration(std::string_view text)
{
    static const Regex shape{
        R"(P(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?))"};
    if (text.size() < 3)   // "P" alone
        return false;
    return shape.matches(text);
}

// RFC 1123 section 2.1; labels in the A form are not looked into.
bool is_hostname(std::string_view text)
{
    static const Regex shape{
        R"((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)"};
    return text.size() <= 253 && shape.matches(text);
}

template <int family>
bool is_address(std::string_view text)
{
    std::array<unsigned char, 16> bytes{};
    return text.find('\0') == std::string_view::npos
           && ::inet_pton(family, std::string{text}.c_str(), bytes.data()) == 1;
}

// RFC 5321 section 4.1.2.
bool is_email(std::string_view text)
{
    static const Regex local{
        R"([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*|"(?:[ !#-\[\]-~]|\\[ -~])*")"};
    const auto mark = text.rfind('@');
    if (mark == std::string_view::npos || !local.matches(text.substr(0, mark)))
        return false;
    const auto domain = text.substr(mark + 1);
    if (!domain.starts_with('[') || !domain.ends_with(']'))
        return is_hostname(domain);
    const auto address = domain.substr(1, domain.size() - 2);
    return address.starts_with("IPv6:") ? is_address<AF_INET6>(address.substr(5)) : is_address<AF_INET>(address);
}

// RFC 3986 section 3.2; group 1 is the host.
bool is_authority(std::string_view text)
{
    static const Regex shape{
        R"(//(?:(?:[\w.~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?(\[.*\]|(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::\d*)?)"};
    const auto groups = shape.matches(text) ? shape.search(text) : std::nullopt;
    if (!groups)
        return false;
    const auto host = groups->at(1).value_or("");
    return !host.starts_with('[') || host.starts_with("[v") || is_address<AF_INET6>(host.substr(1, host.size() - 2));
}

// RFC 3986 section 4.1.
bool is_uri_reference(std::string_view text)
{
    static const Regex scheme{"(?:[A-Za-z][A-Za-z0-9+.-]*:)?"};
    static const Regex rest{
        R"((?:[\w.~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*(?:#(?:[\w.~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?)"};
    const UriParts parts = uri_parts(text);
    const auto size_before_path = parts.scheme.size() + parts.authority.size();
    return scheme.matches(parts.scheme) && (parts.authority.empty() || is_authority(parts.authority))
           && rest.matches(text.substr(size_before_path));
}

bool is_uri(std::string_view text)
{
    return !uri_parts(text).scheme.empty() && is_uri_reference(text);
}

bool is_uuid(std::string_view text)
{
    static const Regex shape{"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"};
    return shape.matches(text);
}

bool is_json_pointer(std::string_view text)
{
    static const Regex shape{"(?:/(?:[^~/]|~[01])*)*"};
    return shape.matches(text);
}

bool is_relative_json_pointer(std::string_view text)
{
    static const Regex shape{"(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)"};
    return shape.matches(text);
}

bool is_regex(std::string_view text)
try {
    Regex::ecma(text);
    return true;
} catch (const Error&) {
    return false;
}

constexpr std::array formats{
    Format{"date", "a date such as 2026-11-23", is_date},
    Format{"time", "a time such as 12:00:00Z", is_time},
    Format{"date-time", "a date and time such as 2026-11-23T12:00:00Z", is_date_time},
    Format{"duration", "a duration such as P3DT12H", is_duration},
    Format{"email", "an e-mail address", is_email},
    Format{"hostname", "a host name", is_hostname},
    Format{"ipv4", "an IPv4 address", is_address<AF_INET>},
    Format{"ipv6", "an IPv6 address", is_address<AF_INET6>},
    Format{"uri", "a URI", is_uri},
    Format{"uri-reference", "a URI reference", is_uri_reference},
    Format{"uuid", "a UUID", is_uuid},
    Format{"json-pointer", "a JSON pointer", is_json_pointer},
    Format{"relative-json-pointer", "a relative JSON pointer", is_relative_json_pointer},
    Format{"regex", "a regular expression", is_regex},
};

}

const Format* find_format(std::string_view name)
{
    const auto found = std::ranges::find(formats, name, &Format::name);
    return found == formats.end() ? nullptr : &*found;
}

}
