// Whether an imported template renders the same prompts as its source.
#include "catalog/import.h"

#include <algorithm>
#include <optional>

#include "render/handlebars.h"
#include "schema/json_schema.h"

namespace forge {

namespace {

constexpr std::size_t most_values = 12;   // of one input

// Some value that a schema may accept; `which` chooses among listed ones.
Json sample(const Json& schema, const std::string& name, std::size_t which)
{
    if (schema["const"])
        return schema["const"];
    if (const auto listed = schema["enum"].size(); listed > 0)
        return schema["enum"].at(which % listed);
    const auto type = schema["type"].is_array() ? schema["type"].at(0).as_text() : schema["type"].as_text();
    if (type == "boolean")
        return which % 2 == 0;
    if (type == "integer" || type == "number")
        return schema["minimum"].is_number() ? schema["minimum"] : Json{which};
    if (type == "array")
        return Json::array({sample(schema["items"], name + " one", which), sample(schema["items"], name + " two", which + 1)});
    if (type == "object") {
        Json object = Json::object();
        for (const auto& [member, inner] : schema["properties"].members())
            object.set(member, sample(inner, member, which));
        return object;
    }
    std::string text = "the " + name + " <&\">";
    const auto longest = static_cast<std::size_t>(schema["maxLength"].as_integer(200));
    return Json{text.substr(0, longest)};
}

// Without the optional ones, with all, and each listed value once.
std::vector<Json> argument_sets(const CatalogTemplate& source)
{
    const auto properties = JsonSchema::compile(source.inputs).properties();
    std::vector<Json> sets{Json::object()};
    for (const auto& property : properties)
        if (property.required)
            sets.front().set(property.name, sample(property.schema, property.name, 0));
    std::size_t most = 1;
    for (const auto& property : properties)
        most = std::max({most, property.schema["enum"].size(), std::size_t{2}});
    for (std::size_t which = 0; which < std::min(most, most_values); ++which) {
        Json all = Json::object();
        for (const auto& property : properties)
            all.set(property.name, sample(property.schema, property.name, which));
        sets.push_back(all);
    }
    for (const auto& example : source.examples.items())
        if (example["args"].is_object())
            sets.push_back(example["args"]);
    return sets;
}

struct Prompts {
    std::string system;
    std::string user;
};

// As a run renders them, or why it does not.
Prompts rendered(const CatalogTemplate& value, const Json& args)
{
    Json context = Json::object();
    for (const auto& [name, member] : value.source.members())
        context.set(name, member);
    context.set("profile", Json::object({{"voice", "Calm."}, {"style", Json::object({{"language", "en"}})}}));
    context.set("collected", Json::object());
    for (const auto& [name, argument] : JsonSchema::compile(value.inputs).with_defaults(args).members())
        context.set(name, argument);
    const auto text = [&](const std::string& prompt) {
        try {
            return Handlebars::compile(prompt, value.syntax).render(context);
        } catch (const TemplateError& error) {
            return std::string{"it cannot be rendered: "} + error.what();
        }
    };
    return {text(value.system), text(value.user)};
}

}

std::string difference_in_prompts(const CatalogTemplate& source, const CatalogTemplate& imported)
{
    const auto old_inputs = JsonSchema::compile(source.inputs);
    const auto new_inputs = JsonSchema::compile(imported.inputs);
    for (const auto& args : argument_sets(source)) {
        // Arguments that no run would have are rendered alike too: a pattern must not keep the prompts from comparison.
        const auto issues = new_inputs.validate(new_inputs.with_defaults(args));
        if (!issues.empty() && old_inputs.accepts(old_inputs.with_defaults(args)))
            return "args " + dump(args) + " are refused: " + issues.front().path + " " + issues.front().message;
        const auto before = rendered(source, args);
        const auto after = rendered(imported, args);
        if (before.system != after.system)
            return "prompts.system is another one for args " + dump(args);
        if (before.user != after.user)
            return "prompts.user is another one for args " + dump(args);
    }
    return {};
}

}
