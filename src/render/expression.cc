// What stands within a tag, token by token as the lexer of npm handlebars 4.7 reads it.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/number.h"
#include "base/text.h"
#include "render/cursor.h"
#include "render/javascript.h"

namespace forge::render {

namespace {

constexpr int deepest = 50;   // sub-expressions within each other

struct FunctionName {
    std::string_view name;
    Function function;
    bool is_internal;          // for translated templates only
    std::size_t least;         // arguments
    std::size_t most;
};
constexpr std::array functions{
    FunctionName{"jsonStringify", Function::json_stringify, false, 1, 1},
    FunctionName{"eq", Function::equal, true, 2, 2},
    FunctionName{"ne", Function::not_equal, true, 2, 2},
    FunctionName{"and", Function::both, true, 2, 50},
    FunctionName{"or", Function::either, true, 2, 50},
};

constexpr std::array<std::string_view, 4> block_names{"if", "unless", "each", "with"};
constexpr std::array<std::string_view, 5> data_names{"root", "index", "key", "first", "last"};

constexpr std::string_view behind_name = "=~}/.)|";
constexpr std::string_view behind_literal = "~})";

bool ends_with_one_of(std::string_view rest, std::string_view characters)
{
    return !rest.empty() && (characters.find(rest.front()) != std::string_view::npos || leading_blanks(rest) > 0);
}

bool is_name_character(std::string_view rest)
{
    constexpr std::string_view never = "!\"#%&'()*+,./;<=>@[\\]^`{|}~";
    return never.find(rest.front()) == std::string_view::npos && leading_blanks(rest.substr(0, 3)) == 0;
}

std::string_view name_at(std::string_view rest)
{
    std::size_t size = 0;
    while (size < rest.size() && is_name_character(rest.substr(size)))
        ++size;
    return rest.substr(0, size);
}

// -1, 2.50: the whole token, or nothing.
std::string_view number_at(std::string_view rest)
{
    const auto digits_from = [rest](std::size_t at) {
        while (at < rest.size() && rest[at] >= '0' && rest[at] <= '9')
            ++at;
        return at;
    };
    const std::size_t start = rest.starts_with('-') ? 1 : 0;
    std::size_t end = digits_from(start);
    if (end == start)
        return {};
    if (end < rest.size() && rest[end] == '.' && digits_from(end + 1) > end + 1)
        end = digits_from(end + 1);
    return ends_with_one_of(rest.substr(end), behind_literal) ? rest.substr(0, end) : std::string_view{};
}

std::string_view word_at(std::string_view rest)
{
    for (const std::string_view word : {"true", "false", "undefined", "null"})
        if (rest.starts_with(word) && ends_with_one_of(rest.substr(word.size()), behind_literal))
            return word;
    return {};
}

bool is_literal_at(std::string_view rest)
{
    return !number_at(rest).empty() || !word_at(rest).empty();
}

// A literal in the place of a path is the name of a variable.
Path path_of(const Json& literal)
{
    const std::string name = !literal ? "undefined" : literal.is_null() ? "null" : scalar_text(literal);
    return {.is_data = false, .up = 0, .names = {name}, .original = name};
}

bool is_plain_name(const Path& path, std::string_view name)
{
    return !path.is_data && path.up == 0 && path.original == name;
}

}

Expression ExpressionParser::printed()
{
    cursor_.skip_blanks();
    const Position at = cursor_.position();
    Json found;
    const Path head = literal(found) ? path_of(found) : path();
    cursor_.skip_blanks();
    const bool is_function = std::ranges::any_of(functions, [&](const FunctionName& one) {
        return is_plain_name(head, one.name) && (with_internal_ || !one.is_internal);
    });
    if (head.names.size() == 1 && head.names.front().empty())
        Cursor::fail("an empty name is not supported", at);
    if (begins_value() || is_function)
        return {call(head, at), at};
    if (std::ranges::any_of(block_names, [&](std::string_view name) { return is_plain_name(head, name); }))
        Cursor::fail(head.original + " is a block: {{#" + head.original + " …}}", at);
    return {head, at};
}

Call ExpressionParser::call(const Path& name, Position at)
{
    const auto known = std::ranges::find_if(functions, [&](const FunctionName& one) {
        return is_plain_name(name, one.name) && (with_internal_ || !one.is_internal);
    });
    if (known == functions.end())
        Cursor::fail("unknown helper " + name.original, at);
    Call call{known->function, values()};
    if (call.arguments.size() < known->least || call.arguments.size() > known->most)
        Cursor::fail(name.original + " takes " + (known->least == 1 ? "one value" : "two values") + ", not "
                         + std::to_string(call.arguments.size()),
                     at);
    return call;
}

std::vector<Expression> ExpressionParser::values()
{
    std::vector<Expression> found;
    for (cursor_.skip_blanks(); begins_value(); cursor_.skip_blanks())
        found.push_back(value());
    return found;
}

bool ExpressionParser::begins_value() const
{
    const std::string_view rest = cursor_.rest();
    if (rest.empty())
        return false;
    if (rest.starts_with("as") && leading_blanks(rest.substr(2)) > 0
        && rest.substr(2 + leading_blanks(rest.substr(2))).starts_with('|'))
        return false;
    return std::string_view{"(@\"'[."}.find(rest.front()) != std::string_view::npos || is_name_character(rest);
}

Expression ExpressionParser::value()
{
    const Position at = cursor_.position();
    if (cursor_.peek() == '(')
        return sub_expression();
    Json found;
    if (literal(found))
        return {found, at};
    return {path(), at};
}

Expression ExpressionParser::sub_expression()
{
    if (++depth_ > deepest)
        cursor_.fail("sub-expressions are nested deeper than " + std::to_string(deepest));
    cursor_.take("(");
    cursor_.skip_blanks();
    const Position at = cursor_.position();
    const Path name = path();
    Expression expression{call(name, at), at};
    if (!cursor_.take(")"))
        cursor_.fail_unexpected();
    --depth_;
    return expression;
}

// True when a literal stood here; undefined is an absent Json.
bool ExpressionParser::literal(Json& found)
{
    const char c = cursor_.peek();
    if (c == '"' || c == '\'') {
        found = string();
        return true;
    }
    if (const auto number = number_at(cursor_.rest()); !number.empty()) {
        found = Json{std::strtod(std::string{number}.c_str(), nullptr)};
        return cursor_.take(number);
    }
    const auto word = word_at(cursor_.rest());
    if (word.empty())
        return false;
    if (word != "undefined")
        found = word == "null" ? Json{nullptr} : Json{word == "true"};
    return cursor_.take(word);
}

// A quote after a backslash belongs to the text, unless no other one ends it.
Json ExpressionParser::string()
{
    const std::string_view rest = cursor_.rest();
    const char quote = rest.front();
    std::size_t end = std::string_view::npos;
    for (auto mark = rest.find(quote, 1); mark != std::string_view::npos; mark = rest.find(quote, mark + 1)) {
        end = mark;
        if (rest[mark - 1] != '\\' || mark == 1)
            break;
    }
    if (end == std::string_view::npos)
        cursor_.fail("a text is not closed");
    cursor_.go_to(cursor_.at() + end + 1);
    return replace_all(std::string{rest.substr(1, end - 1)}, std::string{'\\', quote}, std::string{quote});
}

// After a segment: "/" or "." that is not itself a segment.
bool ExpressionParser::takes_separator()
{
    cursor_.skip_blanks();
    if (cursor_.take("/"))
        return true;
    const bool is_segment = cursor_.starts_with("..")
                            || ends_with_one_of(cursor_.rest().substr(cursor_.at_end() ? 0 : 1), behind_name);
    return !is_segment && cursor_.take(".");
}

std::string ExpressionParser::segment(bool& is_quoted)
{
    const std::string_view rest = cursor_.rest();
    is_quoted = rest.starts_with('[');
    if (is_quoted) {
        auto end = rest.find(']', 1);
        while (end != std::string_view::npos && rest[end - 1] == '\\'
               && rest.find(']', end + 1) != std::string_view::npos)
            end = rest.find(']', end + 1);
        if (end == std::string_view::npos)
            cursor_.fail("a name in [ ] is not closed");
        cursor_.go_to(cursor_.at() + end + 1);
        return replace_all(replace_all(std::string{rest.substr(1, end - 1)}, "\\]", "]"), "\\\\", "\\");
    }
    if (cursor_.take(".."))
        return "..";
    if (rest.starts_with('.') && ends_with_one_of(rest.substr(1), behind_name) && cursor_.take("."))
        return ".";
    const auto name = name_at(rest);
    if (name.size() == rest.size())
        cursor_.go_to(cursor_.text().size());
    if (name.empty() || is_literal_at(rest) || !ends_with_one_of(rest.substr(name.size()), behind_name))
        cursor_.fail_unexpected();
    cursor_.take(name);
    return std::string{name};
}

Path ExpressionParser::path()
{
    const Position at = cursor_.position();
    Path path;
    path.is_data = cursor_.take("@");
    std::string separator;
    do {
        cursor_.skip_blanks();
        bool is_quoted = false;
        const std::string name = segment(is_quoted);
        path.original += separator + name;
        separator = ".";
        if (name.empty())
            Cursor::fail("an empty name is not supported", at);
        const bool is_step = !is_quoted && (name == ".." || name == "." || name == "this");
        if (is_step && !path.names.empty())
            Cursor::fail("invalid path " + path.original, at);
        if (is_step)
            path.up += name == "..";
        else
            path.names.push_back(name);
    } while (takes_separator());
    cursor_.skip_blanks();
    if (cursor_.starts_with("="))
        cursor_.fail("named arguments are not supported");
    if (path.is_data && (path.names.empty() || std::ranges::find(data_names, path.names.front()) == data_names.end()))
        Cursor::fail("unknown data variable @" + path.original, at);
    return path;
}

}
