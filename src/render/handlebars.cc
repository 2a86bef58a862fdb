// The Handlebars subset of our prompts.
#include "render/handlebars.h"

#include "render/renderer.h"
#include "render/syntax.h"

namespace forge {

struct Template::Compiled {
    render::Program program;
};

Template::Template(std::unique_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
Template::Template(Template&&) noexcept = default;
Template& Template::operator=(Template&&) noexcept = default;
Template::~Template() = default;

Template Template::compile(std::string_view text, Syntax syntax)
{
    auto compiled = std::make_unique<Compiled>();
    compiled->program = render::parse_template(text, syntax == Syntax::with_translated_jinja);
    render::control_whitespace(compiled->program);
    return Template{std::move(compiled)};
}

std::string Template::render(const Json& context, const RenderLimits& limits) const
{
    return render::Renderer{context, limits}.render(compiled_->program);
}

std::vector<Reference> Template::references() const
{
    return render::references_of(compiled_->program);
}

}
