// JSON Schema, draft-07 and 2020-12: compiled once, then held against any number of values.
#include "schema/json_schema.h"

#include <algorithm>

#include "schema/compiled.h"
#include "schema/evaluation.h"

namespace forge {

struct JsonSchema::Compiled {
    Compiled(const Json& schema, const SchemaOptions& options) : graph(schema, options), bundled(graph.bundle()) {}

    schema::Graph graph;
    Json bundled;
};

JsonSchema::JsonSchema(std::unique_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;
JsonSchema& JsonSchema::operator=(JsonSchema&&) noexcept = default;
JsonSchema::~JsonSchema() = default;

JsonSchema JsonSchema::compile(const Json& schema, const SchemaOptions& options)
{
    return JsonSchema{std::make_unique<const Compiled>(schema, options)};
}

std::vector<Issue> JsonSchema::validate(const Json& value, const ValidationLimits& limits) const
{
    schema::Evaluation evaluation{limits, compiled_->graph.tracks()};
    try {
        evaluation.apply(compiled_->graph.root(), {.value = value.get()});
    } catch (const schema::TooComplex&) {
        return {{"", "is too complex to be checked against its schema", compiled_->graph.root().location}};
    }
    return evaluation.take_issues();
}

bool JsonSchema::accepts(const Json& value) const
{
    return validate(value, {.issues = 1}).empty();
}

std::vector<std::string> JsonSchema::locations_of_format(const Json& value, std::string_view format) const
{
    schema::Evaluation evaluation{{}, compiled_->graph.tracks(), format};
    try {
        evaluation.apply(compiled_->graph.root(), {.value = value.get()});
    } catch (const schema::TooComplex&) {
        return {};
    }
    auto found = evaluation.take_found();
    std::ranges::sort(found);
    found.erase(std::ranges::unique(found).begin(), found.end());
    return found;
}

std::vector<JsonSchema::Property> JsonSchema::properties() const
{
    const Json& top = bundled();
    const auto required = top["required"].items();
    std::vector<Property> list;
    for (const auto& [name, schema] : top["properties"].members())
        list.push_back({name, schema, std::ranges::find(required, Json{name}) != required.end()});
    return list;
}

Json JsonSchema::with_defaults(const Json& object) const
{
    Json filled = Json::object();
    for (const auto& [name, value] : object.members())
        filled.set(name, value);
    for (const auto& property : properties())
        if (const Json value = property.schema["default"]; value && !filled[property.name])
            filled.set(property.name, value);
    return filled;
}

const Json& JsonSchema::bundled() const
{
    return compiled_->bundled;
}

}
