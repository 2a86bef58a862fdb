// Prompts of a template: can they be rendered, from what, and is the system prompt free of callers' text?
#include "catalog/check.h"

#include <algorithm>
#include <string_view>

#include "render/handlebars.h"
#include "schema/json_schema.h"

namespace forge {

namespace {

struct Prompt {
    const std::string& text;
    const std::string& pointer;
    bool is_system;
};

std::string_view first_step(std::string_view path)
{
    return path.substr(0, path.find('.'));
}

// A value that the author listed is not the caller's text.
bool can_only_be_listed(const Json& schema)
{
    const auto type = schema["type"].as_text();
    return schema["enum"] || schema["const"] || type == "boolean" || type == "integer" || type == "number" ||
           (type == "array" && schema["items"].is_object() && can_only_be_listed(schema["items"]));
}

bool has_untrusted(const Draft& draft)
{
    const auto inputs = draft.result.inputs["properties"].members();
    return !draft.result.collector.empty() ||
           std::ranges::any_of(inputs, [](const auto& input) { return !can_only_be_listed(input.second); });
}

// As a run does for the inputs of other dialects.
Json shown(const CatalogTemplate& value, const std::string& name, const Json& argument)
{
    const bool as_text = (argument.is_array() || argument.is_object()) &&
                         std::ranges::find(value.text_inputs, name) != value.text_inputs.end();
    return as_text ? Json{dump(argument)} : argument;
}

void check_references(Draft& draft, const Prompt& prompt, const Handlebars& compiled)
{
    const Json inputs = draft.result.inputs["properties"];
    for (const auto& reference : compiled.references()) {
        const auto name = first_step(reference.path);
        const Position at{reference.line, reference.column};
        const bool is_all = name.empty() || name == "*";   // {{jsonStringify this}}, {{#each @root}}
        const bool is_ours = is_all || name == "profile" || draft.source[name];
        const bool is_collected = name == "collected" && !draft.result.collector.empty();
        if (!is_ours && !inputs[name] && !is_collected)
            draft.problems.add_in_text("variable_unknown", prompt.pointer, at,
                                       "nobody sets {{" + reference.path + "}}");
        const bool is_theirs = is_all ? has_untrusted(draft) : is_collected || (inputs[name] && !can_only_be_listed(inputs[name]));
        if (prompt.is_system && is_theirs)
            draft.problems.add_in_text("system_untrusted", prompt.pointer, at,
                                       "{{" + (is_all ? "@root" : reference.path) + "}} is not the author's text");
    }
}

void check_rendering(Draft& draft, const Prompt& prompt, const Handlebars& compiled, const JsonSchema& inputs)
{
    int number = 0;
    for (const auto& example : draft.result.examples.items()) {
        Json context = Json::object({{"profile", Json::object()}, {"collected", Json::object()}});
        for (const auto& [name, value] : draft.source.members())
            context.set(name, value);
        const Json args = example["args"].is_object() ? example["args"] : Json::object();
        for (const auto& [name, value] : inputs.with_defaults(args).members())
            context.set(name, shown(draft.result, name, value));
        try {
            static_cast<void>(compiled.render(context));
        } catch (const TemplateError& error) {
            const auto pointer = "/examples/" + std::to_string(number);
            draft.problems.add("example_render", pointer, prompt.pointer.substr(1) + ": " + error.what());
        }
        ++number;
    }
}

}

void check_prompts(Draft& draft, const JsonSchema* inputs)
{
    for (const Prompt& prompt : {Prompt{draft.result.system, draft.system_at, true},
                                 Prompt{draft.result.user, draft.user_at, false}}) {
        try {
            const auto compiled = Handlebars::compile(prompt.text, draft.result.syntax);
            check_references(draft, prompt, compiled);
            if (inputs)
                check_rendering(draft, prompt, compiled, *inputs);
        } catch (const TemplateError& error) {
            draft.problems.add_in_text("template_syntax", prompt.pointer, {error.line, error.column}, error.reason);
        }
    }
}

}
