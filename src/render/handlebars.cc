// The Handlebars subset of our prompts.
#include "render/handlebars.h"

#include "render/renderer.h"
#include "render/syntax.h"

namespace forge {

struct Handlebars::Compiled {
    render::Program program;
};

Handlebars::Handlebars(std::unique_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
Handlebars::Handlebars(Handlebars&&) noexcept = default;
Handlebars& Handlebars::operator=(Handlebars&&) noexcept = default;
Handlebars::~Handlebars() = default;

Handlebars Handlebars::compile(std::string_view text, Syntax syntax)
{
    auto compiled = std::make_unique<Compiled>();
    compiled->program = render::parse_template(text, syntax == Syntax::with_translated_jinja);
    render::control_whitespace(compiled->program);
    return Handlebars{std::move(compiled)};
}

std::string Handlebars::render(const Json& context, const RenderLimits& limits) const
{
    return render::Renderer{context, limits}.render(compiled_->program);
}

std::vector<Reference> Handlebars::references() const
{
    return render::references_of(compiled_->program);
}

}
