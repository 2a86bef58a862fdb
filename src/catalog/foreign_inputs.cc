// Inputs of foreign dialects, a map or a list, as JSON Schema.
#include "catalog/dialect.h"

#include <algorithm>

namespace forge {

namespace {

// What their authors call a type, and what JSON Schema calls it.
constexpr std::pair<std::string_view, std::string_view> type_names[] = {
    {"string", "string"},   {"text", "string"},     {"path", "string"},   {"file", "string"},    {"date", "string"},
    {"integer", "integer"}, {"int", "integer"},     {"number", "number"}, {"float", "number"},   {"boolean", "boolean"},
    {"bool", "boolean"},    {"array", "array"},     {"list", "array"},    {"object", "object"},  {"map", "object"},
    {"enum", "enum"},
};

std::string_view type_of(std::string_view name)
{
    const auto found = std::ranges::find(type_names, name, [](const auto& row) { return row.first; });
    return found == std::end(type_names) ? std::string_view{} : found->second;
}

// One input while it is read.
struct Input {
    std::string name;
    Json spec;
    std::string pointer;
};

std::vector<Input> inputs_in(Draft& draft, const Json& inputs)
{
    std::vector<Input> list;
    for (const auto& [name, spec] : inputs.members()) {
        const Json whole = spec.is_string() ? Json::object({{"type", spec}}) : spec;
        list.push_back({name, whole, "/inputs/" + pointer_step(name)});
    }
    int index = 0;
    for (const auto& item : inputs.items()) {
        const auto pointer = "/inputs/" + std::to_string(index++);
        const auto name = item.is_string() ? item.as_text() : item["name"].as_text();
        if (name.empty())
            draft.problems.add("inputs_invalid", pointer, "an input without a name");
        else
            list.push_back({std::string{name}, item.is_object() ? item : Json::object(), pointer});
    }
    return list;
}

// `values` is `enum`; a text may also come as array or object.
void take_type(Draft& draft, const Input& input, Json& property)
{
    const Json values = input.spec["values"].is_array() ? input.spec["values"] : input.spec["enum"];
    const Json given = input.spec["type"];
    if (values.is_array()) {
        property.set("enum", values);
        return;
    }
    if (given.is_array()) {
        property.set("type", given);
        return;
    }
    const auto type = given ? type_of(given.as_text()) : "string";
    if (type.empty() || type == "enum") {
        const auto fault = type.empty() ? "unknown type " + dump(given) : "an enum without values";
        draft.problems.add("field_invalid", input.pointer + "/type", input.name + ": " + fault);
    } else if (type == "string") {
        property.set("type", Json::array({"string", "array", "object"}));
        draft.result.text_inputs.push_back(input.name);
    } else {
        property.set("type", type);
    }
}

Json property_of(Draft& draft, const Input& input)
{
    Json property = Json::object();
    take_type(draft, input, property);
    for (const auto& [name, value] : input.spec.members())
        if (name != "type" && name != "values" && name != "enum" && name != "name" && name != "required")
            property.set(name, value);
    if (input.spec["required"].is_array())   // an object's own list
        property.set("required", input.spec["required"]);
    return property;
}

bool is_schema(const Json& inputs)
{
    return inputs["type"].is_string() && inputs["properties"].is_object();
}

Json closed_schema(const Json& inputs)
{
    Json schema = Json::object();
    for (const auto& [name, value] : inputs.members())
        schema.set(name, value);
    return schema.set("additionalProperties", false);
}

}

Json foreign_inputs(Draft& draft, const Json& inputs)
{
    if (is_schema(inputs))
        return closed_schema(inputs);
    if (inputs && !inputs.is_null() && !inputs.is_object() && !inputs.is_array())
        draft.problems.add("inputs_invalid", "/inputs", "inputs must be a map or a list");

    Json properties = Json::object();
    Json required = Json::array();
    for (const auto& input : inputs_in(draft, inputs)) {
        if (properties[input.name])
            draft.problems.add("inputs_invalid", input.pointer, "the input " + input.name + " is there twice");
        if (input.spec["required"].as_bool())
            required.append(input.name);
        properties.set(input.name, property_of(draft, input));
    }
    return Json::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                         {"type", "object"},
                         {"required", required},
                         {"properties", properties},
                         {"additionalProperties", false}});
}

}
