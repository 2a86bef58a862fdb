// The guards before a run.
#include "guard/input.h"

#include "guard/screen.h"

namespace forge {

InputGuards::InputGuards(const GuardPolicy& policy, const FinderSource& finder)
    : screen_(std::make_unique<Screen>(policy, GuardStage::input, guard_input_limit, finder))
{
}

InputGuards::~InputGuards() = default;
InputGuards::InputGuards(InputGuards&&) noexcept = default;
InputGuards& InputGuards::operator=(InputGuards&&) noexcept = default;

GuardedJson InputGuards::arguments(const Json& args)
{
    return screen_->value(args);
}

GuardedJson InputGuards::evidence(const Json& collected)
{
    return screen_->value(collected);
}

GuardedText InputGuards::prompt(std::string_view text)
{
    return screen_->text(text, GuardSet{}.set().reset(static_cast<std::size_t>(GuardName::injection)));
}

std::optional<GuardName> InputGuards::refused_by() const
{
    return screen_->refused_by();
}

std::vector<GuardReport> InputGuards::reports() const
{
    return screen_->reports();
}

}
