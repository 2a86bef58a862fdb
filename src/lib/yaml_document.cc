// Documents as values with places; what is refused before a parser sees it.
#include "lib/yaml.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "base/text.h"
#include "lib/yaml_parts.h"

namespace forge {

namespace {

std::string located(Position at, const std::string& reason)
{
    return "line " + std::to_string(at.line) + ", column " + std::to_string(at.column) + ": " + reason;
}

Position position_of(std::string_view text, std::size_t offset)
{
    const auto before = text.substr(0, offset);
    const auto line_start = before.rfind('\n') + 1;   // npos + 1 is 0
    return {static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(offset - line_start) + 1};
}

std::string unescaped(std::string_view step)
{
    return replace_all(replace_all(std::string{step}, "~1", "/"), "~0", "~");
}

// Which child of a value a step of a pointer names.
std::optional<std::size_t> child_index(const Json& value, std::string_view step)
{
    if (value.is_array()) {
        const auto index = parse_unsigned(step);
        return index && *index < value.size() ? std::optional<std::size_t>{*index} : std::nullopt;
    }
    const auto members = value.members();
    const auto name = unescaped(step);
    const auto found = std::ranges::find(members, name, &std::pair<std::string, Json>::first);
    if (found == members.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - members.begin());
}

// "line 2, column 5: …" of parse_json, taken apart.
YamlError json_error(const Error& error)
{
    const std::string message = error.what();
    Position at;
    int consumed = 0;
    if (std::sscanf(message.c_str(), "line %d, column %d: %n", &at.line, &at.column, &consumed) != 2)
        consumed = 0;
    at.column = std::max(at.column, 1);
    return {at, message.substr(static_cast<std::size_t>(consumed))};
}

}

YamlError::YamlError(Position at, const std::string& reason_)
    : Error(located(at, reason_)), line(at.line), column(at.column), reason(reason_)
{
}

YamlDocument::Place YamlDocument::place(std::string_view pointer) const
{
    if (places_.empty())
        return {};
    Json value = value_;
    std::size_t index = 0;
    for (const auto step : split(pointer.substr(pointer.starts_with('/')), '/')) {
        const auto child = pointer.empty() ? std::nullopt : child_index(value, step);
        if (!child)
            break;
        ++index;
        for (std::size_t i = 0; i < *child; ++i)
            index = places_[index].end;
        value = value.is_array() ? value.at(*child) : value[unescaped(step)];
    }
    return places_[index];
}

void refuse_bad_bytes(std::string_view text, const YamlLimits& limits)
{
    if (text.size() > limits.bytes)
        throw YamlError({}, "larger than " + std::to_string(limits.bytes) + " bytes");
    if (const auto bad = utf8_error(text); bad != text.npos)
        throw YamlError(position_of(text, bad), "not UTF-8");
    const auto control = std::ranges::find_if(text, [](unsigned char c) {
        return (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
    });
    if (control != text.end())
        throw YamlError(position_of(text, static_cast<std::size_t>(control - text.begin())), "a control character");
}

YamlDocument parse_json_document(std::string_view text, YamlLimits limits)
{
    refuse_bad_bytes(text, limits);
    Json value;
    try {
        value = parse_json(text, {.depth = limits.depth});
    } catch (const Error& error) {
        throw json_error(error);
    }
    // jansson knows no positions.  JSON is nearly YAML, so the places come from there where both agree.
    limits.nodes = limits.bytes;
    try {
        YamlDocument document = parse_yaml(text, limits);
        if (document.value() == value)
            return document;
    } catch (const YamlError&) {
        return {std::move(value), {}};
    }
    return {std::move(value), {}};
}

std::string pointer_step(std::string_view name)
{
    return replace_all(replace_all(std::string{name}, "~", "~0"), "/", "~1");
}

}
