// JSON out of a model's answer, which may be fenced, or stand within talk.
#include "schema/extract.h"

#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace forge {

namespace {

constexpr int most_tries = 64;   // of parsing, so that a long list of near misses ends

std::optional<Json> parsed(std::string_view text)
try {
    return parse_json(text);
} catch (const Error&) {
    return std::nullopt;
}

std::optional<Json> from_fences(std::string_view text)
{
    auto open = text.find("```");
    for (int tries = 0; open != std::string_view::npos && tries < most_tries; ++tries) {
        const auto line_end = text.find('\n', open);
        if (line_end == std::string_view::npos)
            break;
        const auto close = text.find("```", line_end);
        if (auto json = parsed(trim(text.substr(line_end, close - line_end)));
            json && (json->is_object() || json->is_array()))
            return json;
        open = close == std::string_view::npos ? close : text.find("```", close + 3);
    }
    return std::nullopt;
}

// The end of the bracket that begins the text (behind it), or 0: in one pass, quoted texts left alone.
std::size_t balanced_size(std::string_view text)
{
    int depth = 0;
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_quoted) {
            i += c == '\\';
            is_quoted = c != '"';
        } else if (c == '"') {
            is_quoted = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

/// The text behind the line ``` that begins it.
std::optional<std::string_view> behind_fence(std::string_view text)
{
    const auto line_end = text.find('\n');
    if (!text.starts_with("```") || line_end == text.npos)
        return std::nullopt;
    return trim(text.substr(line_end));
}

bool begins_as_json(std::string_view text)
{
    return text.starts_with('{') || text.starts_with('[');
}

// The value that a fenced text begins with, if the fence ends behind it or is never closed.
std::optional<Json> before_fence(std::string_view text)
{
    const std::size_t size = balanced_size(text);
    const auto rest = trim(text.substr(size));
    return size > 0 && (rest.empty() || rest.starts_with("```")) ? parsed(text.substr(0, size)) : std::nullopt;
}

// What stands within a bracket that is no JSON, or has no end, is a fragment of an answer and not the answer.
std::optional<Json> longest_within(std::string_view text)
{
    std::optional<Json> best;
    std::size_t best_size = 0;
    auto start = text.find_first_of("{[");
    for (int tries = 0; start != std::string_view::npos && tries < most_tries; ++tries) {
        const std::size_t size = balanced_size(text.substr(start));
        auto json = size > best_size ? parsed(text.substr(start, size)) : std::nullopt;
        if (json) {
            best = std::move(json);
            best_size = size;
        }
        start = size == 0 ? text.npos : text.find_first_of("{[", start + size);
    }
    return best;
}

}

std::optional<Json> extract_json(std::string_view text)
{
    const auto trimmed = trim(text);
    if (auto whole = parsed(trimmed))
        return whole;
    if (begins_as_json(trimmed))
        return std::nullopt;
    if (const auto fenced = behind_fence(trimmed); fenced && begins_as_json(*fenced))
        return before_fence(*fenced);
    if (auto fenced = from_fences(text))
        return fenced;
    return longest_within(text);
}

}
