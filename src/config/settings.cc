// Reading, checking and describing settings.
#include "config/settings.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <ostream>

#include "base/error.h"
#include "base/text.h"

namespace forge {

namespace {

struct Unit {
    std::string_view name;
    std::uint64_t millis;
};
constexpr Unit units[] = {
    {"ms", 1},
    {"s", 1000},
    {"second", 1000},
    {"seconds", 1000},
    {"minute", 60'000},
    {"minutes", 60'000},
    {"hour", 3'600'000},
    {"hours", 3'600'000},
    {"day", 86'400'000},
    {"days", 86'400'000},
};

/// The part of a URL between scheme:// and the path, or nothing when it has none or a user name.
std::optional<std::string_view> authority_of(std::string_view url)
{
    for (const std::string_view scheme : {"https://", "http://"})
        if (url.starts_with(scheme)) {
            const auto authority = url.substr(scheme.size(), url.find_first_of("/?#", scheme.size()) - scheme.size());
            return authority.empty() || authority.find('@') != authority.npos ? std::nullopt : std::optional{authority};
        }
    return std::nullopt;
}

bool is_url(std::string_view text, Settings::Plain plain)
{
    const auto visible = [](unsigned char c) { return c > ' ' && c < 0x7f; };
    return authority_of(text) && std::ranges::all_of(text, visible)
           && (text.starts_with("https://") || plain == Settings::Plain::anywhere || is_loopback_url(text));
}

bool is_origin(std::string_view text)
{
    const auto authority = authority_of(text);
    return authority && text.ends_with(*authority) && is_url(text, Settings::Plain::anywhere);
}

std::vector<std::string> items_of(std::string_view text)
{
    std::vector<std::string> items;
    for (const std::string_view item : split(text, ','))
        if (!trim(item).empty())
            items.emplace_back(trim(item));
    return items;
}

std::string joined(std::span<const std::string_view> words, std::string_view separator)
{
    return join({words.begin(), words.end()}, separator);
}

}

std::optional<Millis> parse_duration(std::string_view text)
{
    const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto count = parse_unsigned(text.substr(0, end));
    const auto unit = std::ranges::find(units, trim(text.substr(end)), &Unit::name);
    constexpr std::uint64_t most = std::numeric_limits<Millis::rep>::max();
    if (!count || unit == std::end(units) || *count > most / unit->millis)
        return std::nullopt;
    return Millis{*count * unit->millis};
}

bool is_loopback_host(std::string_view host_and_port)
{
    const bool bracketed = host_and_port.starts_with('[');
    const auto end = bracketed ? host_and_port.find(']') + 1 : std::min(host_and_port.find(':'), host_and_port.size());
    const std::string host = lower(host_and_port.substr(0, end));
    const auto port = host_and_port.substr(end);
    if (!port.empty() && (port[0] != ':' || !parse_unsigned(port.substr(1))))
        return false;
    return host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1" || host == "[::1]";
}

bool is_http_url(std::string_view text)
{
    return is_url(text, Settings::Plain::anywhere);
}

bool is_loopback_url(std::string_view url)
{
    const auto authority = authority_of(url);
    return authority && is_loopback_host(*authority);
}

Settings::Settings(SettingsSource source, unsigned reader)
    : source_(std::move(source)), reader_(reader), problems_(source_.problems)
{
}

Setting& Settings::declare(const char* name, std::string standard, std::string allowed, Use use, const char* meaning)
{
    Setting setting{name, standard, std::move(standard), std::move(allowed), meaning, "default", use};
    const auto at = source_.values.find(std::string_view{name});
    if (at != source_.values.end() && !at->second.value.empty()) {
        setting.value = at->second.value;
        setting.from = at->second.from;
    }
    return settings_.emplace_back(std::move(setting));
}

void Settings::bad_value(const Setting& setting)
{
    problems_.push_back(setting.name + "=" + setting.value + " (" + setting.from + "): must be " + setting.allowed);
}

std::string Settings::text(const char* name, std::string standard, Use use, const char* meaning)
{
    return declare(name, std::move(standard), "any text", use, meaning).value;
}

std::string Settings::path(const char* name, std::string standard, Use use, const char* meaning)
{
    const Setting& setting = declare(name, std::move(standard), "an absolute path", use, meaning);
    if (!setting.value.empty() && setting.value[0] != '/')
        bad_value(setting);
    return setting.value;
}

std::string Settings::url(const char* name, std::string standard, Plain plain, Use use, const char* meaning)
{
    const char* const allowed = plain == Plain::anywhere ? "an http:// or https:// URL"
                                                         : "an https:// URL (http:// for loopback hosts only)";
    Setting& setting = declare(name, std::move(standard), allowed, use, meaning);
    if (setting.value.find('@') != std::string::npos)
        setting.value = "(hidden: it contains an @)";   // a password may stand before it
    if (!setting.value.empty() && !is_url(setting.value, plain))
        bad_value(setting);
    return setting.value;
}

bool Settings::flag(const char* name, Use use, const char* meaning)
{
    return pick(name, {"0", "1"}, use, meaning) == 1;
}

long Settings::number(const char* name, long standard, Range range, Use use, const char* meaning)
{
    const std::string allowed =
        "a whole number from " + std::to_string(range.first) + " to " + std::to_string(range.second);
    const Setting& setting = declare(name, std::to_string(standard), allowed, use, meaning);
    const auto value = parse_integer(setting.value);
    if (value && *value >= range.first && *value <= range.second)
        return *value;
    bad_value(setting);
    return standard;
}

Millis Settings::duration(const char* name, const char* standard, Range range, Use use, const char* meaning)
{
    const std::string allowed = "a number with its unit (ms, s, minutes, hours, days), from "
                                + std::to_string(range.first) + " ms to " + std::to_string(range.second) + " ms";
    const Setting& setting = declare(name, standard, allowed, use, meaning);
    const auto value = parse_duration(setting.value);
    if (value && value->count() >= range.first && value->count() <= range.second)
        return *value;
    bad_value(setting);
    return parse_duration(standard).value_or(Millis{range.first});
}

std::vector<std::string> Settings::list(const char* name, std::string standard,
                                        std::span<const std::string_view> choices, Use use, const char* meaning)
{
    const std::string allowed = choices.empty() ? "a list separated by commas" : "some of " + joined(choices, ", ");
    const Setting& setting = declare(name, std::move(standard), allowed, use, meaning);
    auto items = items_of(setting.value);
    const auto fits = [&](const std::string& item) { return std::ranges::count(choices, item) > 0; };
    if (!choices.empty() && !std::ranges::all_of(items, fits))
        bad_value(setting);
    return items;
}

std::vector<std::string> Settings::origins(const char* name, Use use, const char* meaning)
{
    const Setting& setting = declare(name, "", "origins like https://host[:port], separated by commas", use, meaning);
    auto items = items_of(setting.value);
    if (!std::ranges::all_of(items, is_origin))
        bad_value(setting);
    return items;
}

std::size_t Settings::pick(const char* name, const std::vector<std::string_view>& words, Use use, const char* meaning)
{
    const Setting& setting = declare(name, std::string{words.front()}, joined(words, " or "), use, meaning);
    const auto at = std::ranges::find(words, setting.value);
    if (at != words.end())
        return static_cast<std::size_t>(at - words.begin());
    bad_value(setting);
    return 0;
}

void Settings::forget_source()
{
    for (auto& [name, given] : source_.values)
        wipe(given.value);
    source_ = {};
}

void Settings::check() const
{
    if (!problems_.empty())
        throw ConfigError(join(problems_, "\n"));
}

}
