// JSON values, on jansson.
#include "lib/json.h"

#include "base/error.h"

#include <cstdlib>
#include <memory>

namespace forge {

namespace {

struct FreeText {
    void operator()(char* text) const noexcept { std::free(text); }
};

std::string dumped(const Json& json, std::size_t flags)
{
    const std::unique_ptr<char, FreeText> text{json_dumps(json.get(), flags | JSON_ENCODE_ANY)};
    if (!text)
        throw Error("a JSON value cannot be written");
    return text.get();
}

// jansson's own limit is 2,048 and fixed: count the brackets outside of texts first.
void check_depth(std::string_view text, int limit)
{
    int depth = 0;
    bool in_text = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_text) {
            i += c == '\\';
            in_text = c != '"';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '[' || c == '{') {
            if (++depth > limit)
                throw Error("nested deeper than " + std::to_string(limit));
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
}

// jansson's own words end with a piece of the text, which may be somebody's secret: none of it may reach a log.
std::string_view syntax_fault(std::string_view words)
{
    constexpr std::pair<std::string_view, std::string_view> known[] = {
        {"string or '}' expected", "a name in quotes or } is expected"},
        {"':' expected", ": is expected"},
        {"']' expected", ", or ] is expected"},
        {"'}' expected", ", or } is expected"},
        {"unexpected newline", "a line break within a text"},
        {"control character", "a control character within a text"},
        {"invalid escape", "an escape that JSON does not have"},
        {"invalid Unicode", "a \\u escape that is half of a character"},
    };
    for (const auto& [begin, fault] : known)
        if (words.starts_with(begin))
            return fault;
    return "a value is expected";
}

std::string_view fault_of(const json_error_t& error)
{
    switch (json_error_code(&error)) {
    case json_error_invalid_utf8: return "a text that is not UTF-8";
    case json_error_premature_end_of_input: return "it ends too early";
    case json_error_end_of_input_expected: return "more follows where it should end";
    case json_error_null_character:
    case json_error_null_byte_in_key: return "a text with U+0000 (\\u0000) is not accepted";
    case json_error_duplicate_key: return "a name stands twice in one object";
    case json_error_numeric_overflow: return "a number that is too large";
    case json_error_out_of_memory: return "no memory is left for it";
    default: return syntax_fault(error.text);
    }
}

}

Json::Json(double value) : value_(json_real(value))
{
    if (!value_)
        throw Error("a number that is not finite has no JSON form");
}

Json::Json(std::string_view text) : value_(json_stringn(text.data(), text.size()))
{
    if (!value_)
        throw Error("a text that is not UTF-8 has no JSON form");
}

Json Json::object(std::initializer_list<Member> members)
{
    Json json = adopt(json_object());
    for (const auto& [name, value] : members)
        json.set(name, value);
    return json;
}

Json Json::array(std::initializer_list<Json> items)
{
    Json json = adopt(json_array());
    for (const auto& item : items)
        json.append(item);
    return json;
}

std::string_view Json::as_text(std::string_view otherwise) const noexcept
{
    return is_string() ? std::string_view{json_string_value(value_), json_string_length(value_)} : otherwise;
}

std::size_t Json::size() const noexcept
{
    return is_array() ? json_array_size(value_) : json_object_size(value_);
}

Json Json::operator[](std::string_view name) const noexcept
{
    return share(json_object_getn(value_, name.data(), name.size()));
}

Json Json::at(std::size_t index) const noexcept
{
    return share(json_array_get(value_, index));
}

std::vector<std::pair<std::string, Json>> Json::members() const
{
    std::vector<std::pair<std::string, Json>> list;
    list.reserve(json_object_size(value_));
    for (void* at = json_object_iter(value_); at != nullptr; at = json_object_iter_next(value_, at))
        list.emplace_back(std::string{json_object_iter_key(at), json_object_iter_key_len(at)}, share(json_object_iter_value(at)));
    return list;
}

std::vector<Json> Json::items() const
{
    std::vector<Json> list;
    list.reserve(json_array_size(value_));
    for (std::size_t i = 0; i < json_array_size(value_); ++i)
        list.push_back(at(i));
    return list;
}

Json& Json::set(std::string_view name, Json value)
{
    if (value && json_object_setn(value_, name.data(), name.size(), value.get()) != 0)
        throw Error("member " + std::string{name} + " cannot be set");
    return *this;
}

Json& Json::remove(std::string_view name)
{
    json_object_deln(value_, name.data(), name.size());
    return *this;
}

Json& Json::append(Json value)
{
    if (json_array_append(value_, value.get()) != 0)
        throw Error("an item cannot be appended");
    return *this;
}

Json parse_json(std::string_view text, JsonLimits limits)
{
    check_depth(text, limits.depth);
    json_error_t error{};
    const std::size_t flags = JSON_DECODE_ANY | (limits.unique_keys ? JSON_REJECT_DUPLICATES : 0U);
    json_t* const value = json_loadb(text.data(), text.size(), flags, &error);
    if (!value)
        throw Error("line " + std::to_string(error.line) + ", column " + std::to_string(error.column) + ": "
                    + std::string{fault_of(error)});
    return Json::adopt(value);
}

std::string dump(const Json& json)
{
    return dumped(json, JSON_COMPACT);
}

std::string dump_pretty(const Json& json)
{
    return dumped(json, JSON_INDENT(2));
}

}
