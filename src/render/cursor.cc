// A place in a template's text that moves forward.
#include "render/cursor.h"

#include <algorithm>

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
    const auto before = text_.substr(0, at);
    const auto line_start = before.rfind('\n') + 1;   // 0 where there is none
    const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; };
    return {static_cast<int>(std::ranges::count(before, '\n')) + 1,
            static_cast<int>(std::ranges::count_if(before.substr(line_start), begins_character)) + 1};
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
