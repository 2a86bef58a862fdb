// Which variables of the context a template uses.
#include "render/handlebars.h"
#include "render/syntax.h"

namespace forge::render {

namespace {

class Collector {
public:
    std::vector<Reference> collect(const Program& program)
    {
        walk(program, {.path = ""});
        return std::move(found_);
    }

private:
    // The context of a program, as a path from the whole one.
    struct Scope {
        std::string path;
        bool is_known = true;          // else what "this" is depends on a literal or on too many "../"
        const Scope* outer = nullptr;
    };

    void walk(const Program& program, const Scope& scope)
    {
        for (const auto& node : program.body)
            if (const auto* const print = std::get_if<Print>(&node.what))
                note(print->expression, scope);
            else if (const auto* const block = std::get_if<Block>(&node.what))
                walk(*block, scope);
    }

    void walk(const Block& block, const Scope& scope)
    {
        note(block.subject, scope);
        const bool has_own_context = block.kind == BlockKind::each_block || block.kind == BlockKind::with_block;
        if (has_own_context) {
            Scope inner = resolved(block.subject, scope);
            if (block.kind == BlockKind::each_block)
                inner.path += inner.path.empty() ? "*" : ".*";
            inner.outer = &scope;
            walk(block.program, inner);
        } else {
            walk(block.program, scope);
        }
        if (block.inverse)
            walk(*block.inverse, scope);
    }

    void note(const Expression& expression, const Scope& scope)
    {
        if (const auto* const call = std::get_if<Call>(&expression.what)) {
            for (const auto& argument : call->arguments)
                note(argument, scope);
            return;
        }
        const Scope target = resolved(expression, scope);
        if (target.is_known)
            found_.push_back({target.path, expression.at.line, expression.at.column});
    }

    static Scope resolved(const Expression& expression, const Scope& scope)
    {
        const auto* const path = std::get_if<Path>(&expression.what);
        const bool is_root = path && path->is_data && path->names.front() == "root";
        if (!path || (path->is_data && !is_root))
            return {.path = "", .is_known = false};
        const Scope* from = &scope;
        for (int i = 0; i < path->up && from && !is_root; ++i)
            from = from->outer;
        if (!from)
            return {.path = "", .is_known = false};
        Scope target{.path = is_root ? "" : from->path, .is_known = is_root || from->is_known};
        for (std::size_t i = is_root ? 1 : 0; i < path->names.size(); ++i)
            target.path += (target.path.empty() ? "" : ".") + path->names[i];
        return target;
    }

    std::vector<Reference> found_;
};

}

std::vector<Reference> references_of(const Program& program)
{
    return Collector{}.collect(program);
}

}
