// One rendering of a template.
#include "render/renderer.h"

#include <algorithm>

namespace forge::render {

namespace {

const Program nothing;

// Jinja's ==: of texts, numbers and truth values; a missing one equals nothing but a missing one.
bool scalars_equal(const Value& a, const Value& b)
{
    return a && b ? a == b || (a.is_number() && b.is_number() && a.as_number() == b.as_number()) : !a && !b;
}

}

std::string Renderer::render(const Program& program)
{
    run(program, {.self = root_}, nullptr);
    return std::move(out_);
}

void Renderer::spend()
{
    if (++steps_ > limits_.steps)
        throw TemplateError(at_.line, at_.column, "more than " + std::to_string(limits_.steps) + " steps");
}

void Renderer::append(std::string_view text)
{
    if (out_.size() + text.size() > limits_.output_bytes)
        throw TemplateError(at_.line, at_.column,
                            "the text is longer than " + std::to_string(limits_.output_bytes) + " bytes");
    out_ += text;
}

void Renderer::run(const Program& program, const Scope& scope, const Turn* turn)
{
    for (const auto& node : program.body) {
        spend();
        if (const auto* const text = std::get_if<Text>(&node.what))
            append(text->value);
        else if (const auto* const tag = std::get_if<Print>(&node.what))
            print(*tag, scope, turn);
        else if (const auto* const inner = std::get_if<Block>(&node.what))
            block(*inner, scope, turn);
    }
}

Renderer::Scope Renderer::within_block(const Scope& scope)
{
    return {scope.self, scope.outer, scope.self.is_null()};
}

// "../" leads out of a program only where that has another context: so says npm handlebars, comparing with "!=".
void Renderer::run_in(const Program& program, const Value& self, const Scope& scope, const Turn* turn)
{
    if (loosely_equal(self, scope.self))
        run(program, {.self = self, .outer = scope.outer}, turn);
    else
        run(program, {.self = self, .outer = &scope}, turn);
}

void Renderer::print(const Print& print, const Scope& scope, const Turn* turn)
{
    at_ = print.expression.at;
    const Value value = value_of(print.expression, scope, turn);
    if (value.is_string()) {
        append(value.as_text());
    } else if (value.is_object() || value.is_array()) {
        const auto* const path = std::get_if<Path>(&print.expression.what);
        throw TemplateError(at_.line, at_.column,
                            (path ? path->original : "it") + " is " + (value.is_array() ? "an array" : "an object")
                                + ": print it with jsonStringify");
    } else {
        append(scalar_text(value));
    }
}

void Renderer::block(const Block& block, const Scope& scope, const Turn* turn)
{
    at_ = block.subject.at;
    const Value subject = value_of(block.subject, scope, turn);
    const Program& inverse = block.inverse ? *block.inverse : nothing;
    switch (block.kind) {
    case BlockKind::if_block:
        return run(is_truthy(subject) ? block.program : inverse, within_block(scope), turn);
    case BlockKind::unless_block:
        return run(is_truthy(subject) ? inverse : block.program, within_block(scope), turn);
    case BlockKind::with_block:
        return is_empty(subject) ? run(inverse, within_block(scope), turn)
                                 : run_in(block.program, subject, scope, turn);
    case BlockKind::each_block:
        if (!each(block, subject, scope, turn))
            run(inverse, within_block(scope), turn);
    }
}

// False when there was nothing to go through.
bool Renderer::each(const Block& block, const Value& subject, const Scope& scope, const Turn* outer)
{
    const std::size_t size = subject.size();
    const auto turn_at = [&](std::size_t i, Value key) {
        return Turn{i, std::move(key), i == 0, i + 1 == size, outer};
    };
    if (subject.is_array()) {
        for (std::size_t i = 0; i < size; ++i) {
            const Turn turn = turn_at(i, i);
            spend();
            run_in(block.program, subject.at(i), scope, &turn);
        }
    } else if (subject.is_object()) {
        std::size_t i = 0;
        for (const auto& [name, held] : ordered_members(subject)) {
            const Turn turn = turn_at(i++, name);
            spend();
            run_in(block.program, held, scope, &turn);
        }
    }
    return size > 0;
}

Value Renderer::value_of(const Expression& expression, const Scope& scope, const Turn* turn) const
{
    if (const auto* const path = std::get_if<Path>(&expression.what))
        return path->is_data ? data_of(*path, turn) : value_of(*path, scope);
    if (const auto* const call = std::get_if<Call>(&expression.what))
        return value_of(*call, scope, turn);
    return std::get<Json>(expression.what);
}

Value Renderer::value_of(const Path& path, const Scope& scope)
{
    const Scope* from = &scope;
    for (int i = 0; i < path.up && from; ++i)
        from = from->outer;
    if (!from)
        return {};
    Value value = path.up == 0 && scope.null_is_object ? Json::object() : from->self;
    for (const auto& name : path.names)
        value = property(value, name);
    return value;
}

Value Renderer::data_of(const Path& path, const Turn* turn) const
{
    // Each turn has a parent; above the first one is the frame of the whole, which knows @root only.
    bool is_above = false;
    for (int i = 0; i < path.up; ++i) {
        is_above = !turn;
        turn = turn ? turn->outer : nullptr;
    }
    const std::string& name = path.names.front();
    Value value;
    if (name == "root")
        value = is_above ? Value{} : root_;
    else if (turn)
        value = name == "index" ? turn->index
                : name == "key" ? turn->key
                                : Value{name == "first" ? turn->first : turn->last};
    // On these paths npm handlebars stops at the first false value, and that is the result.
    for (std::size_t i = 1; i < path.names.size() && (value.is_array() || is_truthy(value)); ++i)
        value = property(value, path.names[i]);
    return value;
}

Value Renderer::value_of(const Call& call, const Scope& scope, const Turn* turn) const
{
    const auto argument = [&](std::size_t i) { return value_of(call.arguments[i], scope, turn); };
    const auto is_true = [&](const Expression& one) { return is_truthy(value_of(one, scope, turn)); };
    switch (call.function) {
    case Function::equal:
        return scalars_equal(argument(0), argument(1));
    case Function::not_equal:
        return !scalars_equal(argument(0), argument(1));
    case Function::both:
        return std::ranges::all_of(call.arguments, is_true);
    case Function::either:
        return std::ranges::any_of(call.arguments, is_true);
    case Function::json_stringify:
        break;
    }
    const Value value = argument(0);
    return value ? Value{json_text(value)} : Value{};
}

}
