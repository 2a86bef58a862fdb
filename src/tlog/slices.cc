// The parts of a compact JSON text.
#include "tlog/slices.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t nowhere = std::string_view::npos;

// The position behind the text literal that begins at `at`.
std::size_t end_of_text(std::string_view text, std::size_t at)
{
    for (std::size_t quote = text.find('"', at + 1); quote != nowhere; quote = text.find('"', quote + 1)) {
        std::size_t escapes = quote;
        while (escapes > at + 1 && text[escapes - 1] == '\\')
            --escapes;
        if ((quote - escapes) % 2 == 0)
            return quote + 1;
    }
    return nowhere;
}

// The position behind the value that begins at `at`.
std::size_t end_of_value(std::string_view text, std::size_t at)
{
    std::size_t depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = end_of_text(text, at);
            if (at == nowhere)
                return nowhere;
            if (depth == 0)
                return at;
            continue;
        }
        if (c == '[' || c == '{')
            ++depth;
        else if (c == ']' || c == '}') {
            if (depth == 0)
                return at;   // the end of a number or a word
            if (--depth == 0)
                return at + 1;
        } else if (c == ',' && depth == 0)
            return at;
        ++at;
    }
    return nowhere;
}

// Goes over the parts of an object or array from its first to its last.
class Parts {
public:
    explicit Parts(std::string_view text) : text_(text) {}

    // False at the end and at a fault.
    bool next(JsonSlice& part)
    {
        if (at_ + 1 >= text_.size())
            return false;
        std::size_t begin = at_ + 1;
        if (text_.front() == '{') {
            const std::size_t end = text_[begin] == '"' ? end_of_text(text_, begin) : nowhere;
            if (end == nowhere || end >= text_.size() || text_[end] != ':')
                return false;
            part.name = text_.substr(begin + 1, end - begin - 2);
            begin = end + 1;
        }
        const std::size_t end = end_of_value(text_, begin);
        if (end == nowhere || end == begin || end == text_.size() || (text_[end] != ',' && end + 1 != text_.size()))
            return false;
        part.value = text_.substr(begin, end - begin);
        at_ = end;
        return true;
    }
    bool is_at_end() const { return at_ + 1 == text_.size(); }

private:
    const std::string_view text_;
    std::size_t at_ = 0;
};

bool is_between(std::string_view text, char open, char close)
{
    return text.size() >= 2 && text.front() == open && text.back() == close;
}

}

std::optional<std::vector<JsonSlice>> object_slices(std::string_view text)
{
    std::vector<JsonSlice> members;
    if (!is_between(text, '{', '}'))
        return std::nullopt;
    members.reserve(16);   // a line has ten
    Parts parts{text};
    for (JsonSlice part; text.size() > 2 && parts.next(part); members.push_back(part))
        if (members.size() == slices_limit || part.name.find('\\') != nowhere || !slice_of(members, part.name).empty())
            return std::nullopt;
    return text.size() == 2 || parts.is_at_end() ? std::optional{std::move(members)} : std::nullopt;
}

std::optional<std::vector<JsonSlice>> array_slices(std::string_view text, std::size_t limit)
{
    std::vector<JsonSlice> items;
    if (!is_between(text, '[', ']'))
        return std::nullopt;
    Parts parts{text};
    for (JsonSlice part; text.size() > 2 && parts.next(part); items.push_back(part))
        if (items.size() == limit)
            return std::nullopt;
    return text.size() == 2 || parts.is_at_end() ? std::optional{std::move(items)} : std::nullopt;
}

std::string_view member_of(std::string_view object, std::string_view name)
{
    Parts parts{object};
    for (JsonSlice part; object.size() > 2 && parts.next(part);)
        if (part.name == name)
            return part.value;
    return {};
}

std::string_view slice_of(const std::vector<JsonSlice>& members, std::string_view name)
{
    const auto found = std::find_if(members.begin(), members.end(), [&](const JsonSlice& part) { return part.name == name; });
    return found == members.end() ? std::string_view{} : found->value;
}

std::optional<std::string_view> plain_text(std::string_view literal)
{
    if (literal.size() < 2 || literal.front() != '"' || literal.find('"', 1) != literal.size() - 1 || literal.find('\\') != nowhere)
        return std::nullopt;
    return literal.substr(1, literal.size() - 2);
}

}
