// Reads a template: texts, tags and the blocks they make, split as the lexer of npm handlebars 4.7 does it.
#include <algorithm>
#include <array>
#include <utility>

#include "render/cursor.h"
#include "render/handlebars.h"
#include "render/javascript.h"

namespace forge::render {

namespace {

constexpr int deepest = 100;   // blocks within each other, or else-ifs of one block

struct BlockName {
    std::string_view name;
    BlockKind kind;
};
constexpr std::array blocks{BlockName{"if", BlockKind::if_block}, BlockName{"unless", BlockKind::unless_block},
                            BlockName{"each", BlockKind::each_block}, BlockName{"with", BlockKind::with_block}};

enum class Tag { print, raw_print, comment, open, close, otherwise, otherwise_if };

bool begins_word(std::string_view rest)
{
    const char c = rest.empty() ? ' ' : rest.front();
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class Parser {
public:
    Parser(std::string_view text, bool with_internal) : cursor_(text), expressions_(cursor_, with_internal) {}

    Program parse()
    {
        Program root = program();
        if (!cursor_.at_end())
            cursor_.fail(tag_ == Tag::close ? "a closing tag without its block" : "an else without its block");
        return root;
    }

private:
    // Up to a tag that this program cannot hold, {{else}} or {{/…}}: tag_ says which, the cursor is before it.
    Program program()
    {
        if (++depth_ > deepest)
            cursor_.fail("blocks are nested deeper than " + std::to_string(deepest));
        Program out;
        for (texts(out); !cursor_.at_end(); texts(out)) {
            const auto start = cursor_.at();
            tag_ = open_tag();
            if (tag_ == Tag::close || tag_ == Tag::otherwise || tag_ == Tag::otherwise_if) {
                cursor_.go_to(start);
                break;
            }
            out.body.push_back(statement(start));
        }
        --depth_;
        return out;
    }

    // The texts up to the next tag; what follows "\{{" is a text of its own.
    void texts(Program& out)
    {
        while (!cursor_.at_end()) {
            std::string_view part = cursor_.rest().substr(0, cursor_.rest().find("{{"));
            cursor_.go_to(cursor_.at() + part.size());
            const bool is_escaped = !cursor_.at_end() && part.ends_with('\\') && !part.ends_with("\\\\");
            if (!cursor_.at_end() && part.ends_with('\\'))
                part.remove_suffix(1);
            add(out, part);
            if (!is_escaped)
                return;
            const std::string_view escaped = cursor_.rest().substr(0, escaped_size());
            add(out, escaped);
            cursor_.go_to(cursor_.at() + escaped.size());
        }
    }

    static void add(Program& out, std::string_view part)
    {
        if (!part.empty())
            out.body.push_back({Text{.value = std::string{part}, .original = std::string{part}}});
    }

    // Up to the next tag and the backslashes that belong to that.
    std::size_t escaped_size() const
    {
        const auto next = cursor_.rest().find("{{", 2);
        if (next == std::string_view::npos)
            return next;
        const auto before = cursor_.rest().substr(2, next - 2);
        return next - (before.ends_with("\\\\") ? 2U : before.ends_with('\\') ? 1U : 0U);
    }

    // What kind of tag begins here; the cursor is then behind its first characters, strip_ knows of "~".
    Tag open_tag()
    {
        if (cursor_.starts_with("{{{{"))
            cursor_.fail("raw blocks {{{{ are not supported");
        const Position at = cursor_.position();
        cursor_.take("{{");
        strip_ = {.open = cursor_.take("~")};
        if (cursor_.starts_with(">") || cursor_.starts_with("#>"))
            Cursor::fail("partials are not supported", at);
        if (cursor_.starts_with("*") || cursor_.starts_with("#*"))
            Cursor::fail("decorators are not supported", at);
        constexpr std::array<std::pair<std::string_view, Tag>, 5> marks{{
            {"#", Tag::open}, {"/", Tag::close}, {"!", Tag::comment}, {"{", Tag::raw_print}, {"&", Tag::print}}};
        for (const auto& [mark, tag] : marks)
            if (cursor_.take(mark))
                return tag;
        return else_or_print(at);
    }

    Tag else_or_print(Position at)
    {
        const auto start = cursor_.at();
        const bool is_caret = cursor_.take("^");
        if (!is_caret)
            cursor_.skip_blanks();
        if (!is_caret && (!cursor_.take("else") || begins_word(cursor_.rest()))) {
            cursor_.go_to(start);
            return Tag::print;
        }
        const auto behind = cursor_.rest().substr(leading_blanks(cursor_.rest()));
        if (behind.starts_with("}}") || behind.starts_with("~}}"))
            return Tag::otherwise;
        if (is_caret)
            Cursor::fail("inverted sections {{^ are not supported", at);
        return Tag::otherwise_if;
    }

    Node statement(std::size_t start)
    {
        if (tag_ == Tag::comment)
            return {comment(start)};
        if (tag_ == Tag::open)
            return {block(start)};
        const bool is_raw = tag_ == Tag::raw_print;
        Strip strip = strip_;
        Print print{expressions_.printed(), {}};
        strip.close = close_tag(is_raw);
        print.strip = strip;
        return {std::move(print)};
    }

    Comment comment(std::size_t start)
    {
        const std::string_view rest = cursor_.rest();
        const auto end = rest.starts_with("--") ? std::min(rest.find("--}}"), rest.find("--~}}")) : rest.find("}}");
        if (end == std::string_view::npos)
            Cursor::fail("a comment is not closed", cursor_.position_of(start));
        cursor_.go_to(cursor_.text().find("}}", cursor_.at() + end) + 2);
        return {{.open = strip_.open, .close = cursor_.text()[cursor_.at() - 3] == '~'}};
    }

    // The end of a tag; true for "~}}".
    bool close_tag(bool is_raw = false)
    {
        cursor_.skip_blanks();
        const bool brace_first = cursor_.starts_with("}}}") || cursor_.starts_with("}~}}");
        if (brace_first != is_raw || cursor_.starts_with("}}}}"))
            cursor_.fail_unexpected();
        if (is_raw)
            cursor_.take("}");
        const bool strips = cursor_.take("~");
        if (!cursor_.take("}}"))
            cursor_.fail_unexpected();
        return strips;
    }

    struct Opened {
        Block block;
        std::string name;
    };

    // The rest of {{#NAME value}} or {{else NAME value}}, and the program behind it.
    Opened opened_block()
    {
        const Strip open = strip_;
        cursor_.skip_blanks();
        const Position at = cursor_.position();
        const std::string name = expressions_.path().original;
        const auto known = std::ranges::find(blocks, name, &BlockName::name);
        if (known == blocks.end())
            Cursor::fail("unknown block helper " + name, at);
        auto subjects = expressions_.values();
        if (subjects.size() != 1)
            Cursor::fail(name + " takes one value, not " + std::to_string(subjects.size()), at);
        Block block{known->kind, std::move(subjects.front()), {}, {}, open, {}, {}};
        block.open.close = close_tag();
        block.program = program();
        return {std::move(block), name};
    }

    Block block(std::size_t start)
    {
        auto [block, name] = opened_block();
        inverse(block);
        if (cursor_.at_end())
            Cursor::fail("block " + name + " is not closed", cursor_.position_of(start));
        const Position at = cursor_.position();
        if (open_tag() != Tag::close)
            Cursor::fail("a second else in block " + name, at);
        block.close = strip_;
        cursor_.skip_blanks();
        if (expressions_.path().original != name)
            Cursor::fail("block " + name + " is closed by another name", at);
        block.close.close = close_tag();
        if (block.inverse && block.inverse->chained)
            chained_block(block).close = block.close;
        return std::move(block);
    }

    static Block& chained_block(Block& block) { return std::get<Block>(block.inverse->body.front().what); }

    // {{else}} … or {{else if …}} …, if there is one: gives the tag's "~".  An else-if is a block of its own without
    // an end tag; for its blanks, what follows it counts as one (as npm handlebars has it).
    std::optional<Strip> inverse(Block& block)
    {
        if (cursor_.at_end() || tag_ == Tag::close)
            return std::nullopt;
        if (++depth_ > deepest)
            cursor_.fail("more than " + std::to_string(deepest) + " else-ifs");
        if (open_tag() == Tag::otherwise) {
            block.else_tag = strip_;
            cursor_.skip_blanks();
            block.else_tag.close = cursor_.take("~");
            cursor_.take("}}");   // else_or_print() saw it
            block.inverse = program();
        } else {
            Block inner = opened_block().block;
            block.else_tag = inner.open;
            if (const auto next = inverse(inner)) {
                inner.close = *next;
                if (inner.inverse->chained)
                    chained_block(inner).close = *next;
            }
            block.inverse = Program{{}, true};
            block.inverse->body.emplace_back().what = std::move(inner);
        }
        --depth_;
        return block.else_tag;
    }

    Cursor cursor_;
    ExpressionParser expressions_;
    int depth_ = 0;
    Tag tag_ = Tag::print;
    Strip strip_;
};

}

Program parse_template(std::string_view text, bool with_internal_functions)
{
    return Parser{text, with_internal_functions}.parse();
}

}
