// A place in a template's text that moves forward.
#include "render/cursor.h"

#include "base/text.h"
#include "render/handlebars.h"
#include "render/javascript.h"

namespace forge::render {

bool Cursor::take(std::string_view token)
{
    const bool there = starts_with(token);
    at_ += there ? token.size() : 0;
    return there;
}

void Cursor::skip_blanks()
{
    at_ += leading_blanks(rest());
}

Position Cursor::position_of(std::size_t at) const
{
    if (at < counted_)
        counted_ = 0, counted_position_ = {};
    for (; counted_ < at; ++counted_) {
        const auto c = static_cast<unsigned char>(text_[counted_]);
        if (c == '\n')
            counted_position_ = {counted_position_.line + 1, 1};
        else if ((c & 0xC0U) != 0x80)
            ++counted_position_.column;
    }
    return counted_position_;
}

void Cursor::fail(const std::string& reason, Position at)
{
    throw TemplateError(at.line, at.column, reason);
}

void Cursor::fail_unexpected() const
{
    if (at_end())
        fail("a tag is not closed");
    if (starts_with("as ") || starts_with("|"))
        fail("block parameters \"as |…|\" are not supported");
    if (starts_with("="))
        fail("named arguments are not supported");
    fail("unexpected \"" + std::string{utf8_prefix(rest().substr(0, rest().find('\n')), 12)} + "\"");
}

}
