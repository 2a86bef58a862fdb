// The arguments of a run.
#include "run/arguments.h"

#include "http/message.h"

#include <algorithm>

namespace forge {

namespace {

constexpr int depth_limit = 28;   // a ledger line may be nested 32 deep

int depth_of(const Json& json)
{
    int deepest = 0;
    for (const auto& item : json.items())
        deepest = std::max(deepest, depth_of(item));
    for (const auto& [name, value] : json.members())
        deepest = std::max(deepest, depth_of(value));
    return json.is_array() || json.is_object() ? deepest + 1 : 0;
}

[[noreturn]] void refuse(std::vector<RequestIssue> issues)
{
    throw Refusal(400, "invalid_args", "the arguments are not what the template asks for", std::move(issues));
}

std::string pointer_part(std::string_view name)
{
    std::string out;
    for (const char c : name)
        out += c == '~' ? "~0" : c == '/' ? "~1" : std::string{c};
    return out;
}

}

Json merged_arguments(const JsonSchema& inputs, const Json& profile_defaults, const Json& given)
{
    const auto declared = inputs.properties();
    const auto is_declared = [&](const std::string& name) { return std::ranges::find(declared, name, &JsonSchema::Property::name) != declared.end(); };
    if (depth_of(given) > depth_limit)
        refuse({{"/args", "is nested deeper than " + std::to_string(depth_limit)}});

    std::vector<RequestIssue> issues;
    Json merged = Json::object();
    for (const auto& [name, value] : profile_defaults.members())
        if (is_declared(name))
            merged.set(name, value);
    for (const auto& [name, value] : given.members()) {
        if (!is_declared(name))
            issues.push_back({"/args/" + pointer_part(name), "is no argument of this template"});
        merged.set(name, value);
    }
    if (!issues.empty())
        refuse(std::move(issues));
    merged = inputs.with_defaults(merged);
    for (const Issue& issue : inputs.validate(merged))
        issues.push_back({"/args" + issue.path, issue.message});
    if (!issues.empty())
        refuse(std::move(issues));
    return merged;
}

}
