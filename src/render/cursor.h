// A place in a template's text that moves forward.
#pragma once

#include <string>
#include <string_view>

#include "render/syntax.h"

namespace forge::render {

class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}

    bool at_end() const { return at_ >= text_.size(); }
    std::size_t at() const { return at_; }
    void go_to(std::size_t at) { at_ = at; }
    std::string_view text() const { return text_; }
    std::string_view rest() const { return text_.substr(at_); }
    char peek() const { return at_end() ? '\0' : text_[at_]; }

    bool starts_with(std::string_view token) const { return rest().starts_with(token); }
    /// Goes behind the token if it is next.
    bool take(std::string_view token);
    void skip_blanks();

    Position position() const { return position_of(at_); }
    Position position_of(std::size_t at) const;
    [[noreturn]] void fail(const std::string& reason) const { fail(reason, position()); }
    [[noreturn]] static void fail(const std::string& reason, Position at);
    /// About what is next.
    [[noreturn]] void fail_unexpected() const;

private:
    std::string_view text_;
    std::size_t at_ = 0;
    // How far lines and columns are counted: tags ask for rising positions, and the text must not be read for each.
    mutable std::size_t counted_ = 0;
    mutable Position counted_position_;
};

/// Reads paths, literals, sub-expressions and lists of them, as they stand within a tag.
class ExpressionParser {
public:
    ExpressionParser(Cursor& cursor, bool with_internal_functions)
        : cursor_(cursor), with_internal_(with_internal_functions)
    {
    }

    /// What a printing tag holds: a value or a call.
    Expression printed();
    /// The values up to the end of the tag or sub-expression.
    std::vector<Expression> values();
    Path path();

private:
    Expression value();
    Expression sub_expression();
    Call call(const Path& name, Position at);
    bool begins_value() const;
    bool literal(Json& found);
    Json string();
    std::string segment(bool& is_quoted);
    bool takes_separator();

    Cursor& cursor_;
    const bool with_internal_;
    int depth_ = 0;
};

}
