// One rendering of a template.
#pragma once

#include <string>
#include <string_view>

#include "render/handlebars.h"
#include "render/javascript.h"
#include "render/syntax.h"

namespace forge::render {

class Renderer {
public:
    Renderer(const Json& context, const RenderLimits& limits) : limits_(limits), root_(context) {}

    /// Throws TemplateError.
    std::string render(const Program& program);

private:
    // What "this" is, and what "../" leads to.
    struct Scope {
        const Value& self;
        const Scope* outer = nullptr;
        bool null_is_object = false;   // within a block, a null "this" is {}: so npm handlebars calls its helpers
    };
    // @index and its like, of one turn of an each.
    struct Turn {
        Value index;
        Value key;
        bool first = false;
        bool last = false;
        const Turn* outer = nullptr;
    };

    void run(const Program& program, const Scope& scope, const Turn* turn);
    static Scope within_block(const Scope& scope);
    void run_in(const Program& program, const Value& self, const Scope& scope, const Turn* turn);
    void print(const Print& print, const Scope& scope, const Turn* turn);
    void block(const Block& block, const Scope& scope, const Turn* turn);
    bool each(const Block& block, const Value& subject, const Scope& scope, const Turn* turn);
    Value value_of(const Expression& expression, const Scope& scope, const Turn* turn) const;
    static Value value_of(const Path& path, const Scope& scope);
    Value data_of(const Path& path, const Turn* turn) const;
    Value value_of(const Call& call, const Scope& scope, const Turn* turn) const;
    void spend();
    void append(std::string_view text);

    const RenderLimits limits_;
    const Value root_;
    std::string out_;
    std::size_t steps_ = 0;
    Position at_;              // of the tag at work
};

}
