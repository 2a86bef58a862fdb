// JSON values as YAML for people.
#include "catalog/yaml_text.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "lib/regex.h"
#include "lib/yaml.h"

namespace forge {

namespace {

constexpr std::size_t line_width = 110;

// What stays a text without quotes, also within [] and {}.
bool is_plain(std::string_view text)
{
    static const Regex shape{R"(\A[A-Za-z](?:[\w@./ -]*[\w./])?\z)"};
    static const Regex day{R"(\A\d{4}-\d\d-\d\d\z|\A\d+\.\d+\.\d+\z)"};
    if (!shape.search(text) && !day.search(text))
        return false;
    try {
        return parse_yaml(text).value() == Json{text};   // not true, null, .inf …
    } catch (const YamlError&) {
        return false;
    }
}

// "|" keeps every line as it is; not where a line begins with blanks that the reader would take for its indentation,
// or has characters that YAML reads in their escaped form only.
bool is_literal(std::string_view text)
{
    return text.find('\n') != text.npos && text.front() != ' ' && text.front() != '\n' && text.front() != '\t' &&
           std::ranges::none_of(text, [](unsigned char c) { return (c < ' ' && c != '\n' && c != '\t') || c == 0x7f; });
}

// JSON is YAML, but for a character that JSON takes as it is.
std::string scalar(const Json& value)
{
    return value.is_string() && is_plain(value.as_text()) ? std::string{value.as_text()}
                                                          : replace_all(dump(value), "\x7f", "\\u007f");
}

std::string on_one_line(const Json& value)
{
    std::vector<std::string> parts;
    for (const auto& item : value.items())
        parts.push_back(on_one_line(item));
    for (const auto& [name, member] : value.members())
        parts.push_back(scalar(Json{name}) + ": " + on_one_line(member));
    if (value.is_array())
        return "[" + join(parts, ", ") + "]";
    return value.is_object() ? "{" + join(parts, ", ") + "}" : scalar(value);
}

bool has_lines(const Json& value)
{
    return (value.is_string() && value.as_text().find('\n') != std::string_view::npos) ||
           std::ranges::any_of(value.items(), has_lines) ||
           std::ranges::any_of(value.members(), [](const auto& member) { return has_lines(member.second); });
}

class YamlWriter {
public:
    void members(const Json& object, std::size_t indentation)
    {
        for (const auto& [name, value] : object.members())
            after(std::string(indentation, ' ') + scalar(Json{name}) + ":", value, indentation + 2);
    }
    std::string text;

private:
    void after(const std::string& begin, const Json& value, std::size_t indentation)
    {
        if (value.is_string() && is_literal(value.as_text()))
            return literal(begin, value.as_text(), indentation);
        const bool is_short = value.size() == 0 || !has_lines(value);
        const auto line = is_short ? begin + " " + on_one_line(value) : std::string{};
        if (is_short && (line.size() <= line_width || value.size() == 0)) {
            text += line + "\n";
        } else if (value.is_object()) {
            text += begin + "\n";
            members(value, indentation);
        } else {
            text += begin + "\n";
            for (const auto& item : value.items())
                after(std::string(indentation, ' ') + "-", item, indentation + 2);
        }
    }

    void literal(const std::string& begin, std::string_view value, std::size_t indentation)
    {
        const auto last = value.find_last_not_of('\n');
        const std::size_t ends = last == value.npos ? value.size() : value.size() - last - 1;
        text += begin + (ends == 0 ? " |-\n" : ends == 1 ? " |\n" : " |+\n");
        if (ends > 0)
            value.remove_suffix(1);
        for (const auto line : split(value, '\n'))
            text += (line.empty() ? "" : std::string(indentation, ' ')) + std::string{line} + "\n";
    }
};

}

std::string yaml_text(const Json& object)
{
    YamlWriter writer;
    writer.members(object, 0);
    return writer.text;
}

}
