// Blanks around tags: "~" takes all of them, a tag alone on its line takes the line, as npm handlebars has it.
#include "render/javascript.h"
#include "render/syntax.h"

namespace forge::render {

namespace {

using Body = std::vector<Node>;
constexpr std::ptrdiff_t whole = -1;   // of a body: its edge, instead of the neighbour of a node

const Text* text_at(const Body& body, std::ptrdiff_t index)
{
    return index >= 0 && index < std::ssize(body) ? std::get_if<Text>(&body[static_cast<std::size_t>(index)].what)
                                                  : nullptr;
}

Text* text_at(Body& body, std::ptrdiff_t index)
{
    return const_cast<Text*>(text_at(std::as_const(body), index));
}

bool is_outside(const Body& body, std::ptrdiff_t index)
{
    return index < 0 || index >= std::ssize(body);
}

// Only blanks since the last line break before the node (or before the body's end).
bool follows_line_start(const Body& body, std::ptrdiff_t node, bool is_root)
{
    const std::ptrdiff_t before = (node == whole ? std::ssize(body) : node) - 1;
    if (is_outside(body, before))
        return is_root;
    const Text* const text = text_at(body, before);
    if (!text)
        return false;
    const std::size_t blanks = trailing_blanks(text->original);
    const bool has_break = text->original.find('\n', text->original.size() - blanks) != std::string::npos;
    const bool starts_template = is_root && is_outside(body, before - 1) && blanks == text->original.size();
    return has_break || starts_template;
}

// Only blanks up to the next line break after the node (or after the body's start).
bool precedes_line_end(const Body& body, std::ptrdiff_t node, bool is_root)
{
    const std::ptrdiff_t after = (node == whole ? -1 : node) + 1;
    if (is_outside(body, after))
        return is_root;
    const Text* const text = text_at(body, after);
    if (!text)
        return false;
    const std::size_t blanks = leading_blanks(text->original);
    const bool has_break = text->original.substr(0, blanks).find('\n') != std::string::npos;
    const bool ends_template = is_root && is_outside(body, after + 1) && blanks == text->original.size();
    return has_break || ends_template;
}

// Takes blanks from the start of the text after the node: all, or those of the line with its break.
void trim_after(Body& body, std::ptrdiff_t node, bool all)
{
    Text* const text = text_at(body, node == whole ? 0 : node + 1);
    if (!text || (!all && text->right_stripped))
        return;
    std::size_t size = all ? leading_blanks(text->value)
                           : std::min(text->value.find_first_not_of(" \t"), text->value.size());
    if (!all)
        size += text->value.compare(size, 2, "\r\n") == 0 ? 2
                : text->value.compare(size, 1, "\n") == 0 ? 1
                : text->value.compare(size, 1, "\r") == 0 ? 1
                                                          : 0;
    text->value.erase(0, size);
    text->right_stripped = size > 0;
}

// Takes blanks from the end of the text before the node: all, or those of the line.
void trim_before(Body& body, std::ptrdiff_t node, bool all)
{
    Text* const text = text_at(body, (node == whole ? std::ssize(body) : node) - 1);
    if (!text || (!all && text->left_stripped))
        return;
    const std::size_t kept = all ? text->value.size() - trailing_blanks(text->value)
                                 : text->value.find_last_not_of(" \t") + 1;
    text->left_stripped = kept < text->value.size();
    text->value.resize(kept);
}

// What a tag asks of the texts around it.
struct Wishes {
    Strip strip;
    bool opens_line = false;      // its first part may stand alone on a line
    bool closes_line = false;     // its last part
    bool is_inline = false;       // it is one part
};

void control(Program& program, bool is_root);

void trim_inside(Block& block, Program& first_inverse, Program& last_inverse)
{
    if (block.else_tag.open)
        trim_before(block.program.body, whole, true);
    if (block.else_tag.close)
        trim_after(first_inverse.body, whole, true);
    if (block.close.open)
        trim_before(last_inverse.body, whole, true);
    if (follows_line_start(block.program.body, whole, false) && precedes_line_end(first_inverse.body, whole, false)) {
        trim_before(block.program.body, whole, false);
        trim_after(first_inverse.body, whole, false);
    }
}

Wishes wishes_of(Block& block)
{
    control(block.program, false);
    if (block.inverse)
        control(*block.inverse, false);

    const auto block_in = [](Program& chain) -> Block& { return std::get<Block>(chain.body.back().what); };
    Program* first_inverse = block.inverse ? &*block.inverse : &block.program;
    Program* last_inverse = first_inverse;
    if (block.inverse && block.inverse->chained) {
        first_inverse = &block_in(*block.inverse).program;
        while (last_inverse->chained)
            last_inverse = &block_in(*last_inverse).program;
    }
    const Wishes wishes{{block.open.open, block.close.close}, precedes_line_end(block.program.body, whole, false),
                        follows_line_start(first_inverse->body, whole, false)};
    if (block.open.close)
        trim_after(block.program.body, whole, true);
    if (block.inverse)
        trim_inside(block, *first_inverse, *last_inverse);
    else if (block.close.open)
        trim_before(block.program.body, whole, true);
    return wishes;
}

Wishes wishes_of(Node& node)
{
    if (auto* const block = std::get_if<Block>(&node.what))
        return wishes_of(*block);
    if (const auto* const comment = std::get_if<Comment>(&node.what))
        return {.strip = comment->strip, .is_inline = true};
    const auto* const print = std::get_if<Print>(&node.what);
    return {.strip = print ? print->strip : Strip{}};
}

void control(Program& program, bool is_root)
{
    Body& body = program.body;
    for (std::ptrdiff_t i = 0; i < std::ssize(body); ++i) {
        Node& node = body[static_cast<std::size_t>(i)];
        const Wishes wishes = wishes_of(node);
        const bool starts_line = follows_line_start(body, i, is_root);
        const bool ends_line = precedes_line_end(body, i, is_root);
        if (wishes.strip.close)
            trim_after(body, i, true);
        if (wishes.strip.open)
            trim_before(body, i, true);
        if (wishes.is_inline && starts_line && ends_line) {
            trim_after(body, i, false);
            trim_before(body, i, false);
        }
        auto* const block = std::get_if<Block>(&node.what);
        if (block && wishes.opens_line && starts_line) {
            trim_after(block->program.body, whole, false);
            trim_before(body, i, false);
        }
        if (block && wishes.closes_line && ends_line) {
            trim_after(body, i, false);
            trim_before((block->inverse ? *block->inverse : block->program).body, whole, false);
        }
    }
}

}

void control_whitespace(Program& root)
{
    control(root, true);
}

}
