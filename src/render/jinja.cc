// The one construct of Jinja that occurs in the catalogs we read.
#include "render/jinja.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "lib/regex.h"
#include "render/cursor.h"

namespace forge {

namespace {

// A condition, read from left to right: "or" binds weakest, then "and", "not", "==".
class Condition {
public:
    explicit Condition(std::string_view text) : rest_(text) {}

    /// As a value or sub-expression of Handlebars; throws Error.
    std::string translated()
    {
        std::string out = any();
        if (!trim(rest_).empty())
            throw Error("unexpected \"" + std::string{trim(rest_)} + "\" in a condition");
        return out;
    }

private:
    std::string any() { return chain("or", [this] { return all(); }); }
    std::string all() { return chain("and", [this] { return comparison(); }); }

    template <class Part>
    std::string chain(std::string_view word, Part part)
    {
        std::string first = part();
        std::string parts = first;
        bool is_chain = false;
        for (; take_word(word); is_chain = true)
            parts += " " + part();
        return is_chain ? "(" + std::string{word} + " " + parts + ")" : first;
    }

    std::string comparison()
    {
        std::string left = operand();
        for (const auto& [sign, function] : {std::pair{"==", "eq"}, std::pair{"!=", "ne"}})
            if (take(sign))
                return std::string{"("} + function + " " + left + " " + operand() + ")";
        return left;
    }

    std::string operand()
    {
        static const Regex shape{
            R"(\A\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*|"[^"\\{}]*"|'[^'\\{}]*'|-?\d+(?:\.\d+)?)(\s|[=!]=|\z))"};
        const auto groups = shape.search(rest_);
        if (!groups)
            throw Error("a condition may hold names, quoted texts, numbers, ==, !=, and, or");
        const std::string_view found = *(*groups)[1];
        rest_.remove_prefix(static_cast<std::size_t>(found.data() + found.size() - rest_.data()));
        for (const std::string_view word : {"and", "or", "not", "in", "is"})
            if (found == word)
                throw Error("unexpected \"" + std::string{word} + "\" in a condition");
        return std::string{found};
    }

    bool take(std::string_view token)
    {
        const auto rest = trim(rest_);
        if (!rest.starts_with(token))
            return false;
        rest_ = rest.substr(token.size());
        return true;
    }

    bool take_word(std::string_view word)
    {
        const auto rest = trim(rest_);
        return rest.size() > word.size() && rest[word.size()] == ' ' && take(word);
    }

    std::string_view rest_;
};

// The tag of Handlebars for what stands between "{%" and "%}"; throws Error.
std::string tag_for(std::string_view inside)
{
    const std::string_view left = inside.starts_with('-') ? "{{~" : "{{";
    const std::string_view right = inside.size() > 1 && inside.ends_with('-') ? "~}}" : "}}";
    inside.remove_prefix(left.size() - 2);
    inside.remove_suffix(right.size() - 2);
    const std::string_view words = trim(inside);
    const auto wrapped = [&](const std::string& tag) { return std::string{left} + tag + std::string{right}; };
    if (words == "endif")
        return wrapped("/if");
    if (words == "else")
        return wrapped("else");
    if (words.starts_with("if "))
        return wrapped("#if " + Condition{words.substr(3)}.translated());
    if (words.starts_with("elif "))
        return wrapped("else if " + Condition{words.substr(5)}.translated());
    throw Error("{% " + std::string{words.substr(0, words.find(' '))} + " %} is not supported");
}

}

JinjaTranslation translate_jinja(std::string_view text)
{
    JinjaTranslation result;
    std::size_t at = 0;
    for (auto mark = text.find("{%"); mark != std::string_view::npos; mark = text.find("{%", at)) {
        result.has_jinja = true;
        result.text += text.substr(at, mark - at);
        const auto end = text.find("%}", mark + 2);
        at = end == std::string_view::npos ? text.size() : end + 2;
        try {
            if (end == std::string_view::npos)
                throw Error("a tag {% is not closed");
            result.text += tag_for(text.substr(mark + 2, end - mark - 2));
        } catch (const Error& error) {
            const auto [line, column] = render::Cursor{text}.position_of(mark);
            result.problems.push_back({line, column, error.what()});
        }
    }
    result.text += text.substr(at);
    return result;
}

}
