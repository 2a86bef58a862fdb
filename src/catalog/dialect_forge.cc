// Our own template format.
#include "catalog/dialect.h"

#include <algorithm>

#include "catalog/forge_format.h"
#include "catalog/version.h"
#include "schema/json_schema.h"

namespace forge {

namespace {

// What a run cannot do without; a fault in the rest is for lint.
constexpr std::string_view needed[] = {"/forge", "/inputs", "/collector", "/prompts", "/risk"};

bool is_needed(std::string_view pointer)
{
    return std::ranges::any_of(needed, [&](std::string_view member) {
        return pointer == member || (pointer.starts_with(member) && pointer[member.size()] == '/');
    });
}

void check_format(Draft& draft)
{
    static const JsonSchema format = JsonSchema::compile(forge_format());
    for (const auto& issue : format.validate(draft.source)) {
        if (issue.path == "/id" || issue.path == "/version")
            continue;   // rules of their own
        const auto code = is_needed(issue.path) ? "field_unusable" : "field_invalid";
        const auto name = issue.path.empty() ? std::string{"the template"} : issue.path.substr(1);
        draft.problems.add(code, issue.path, name + " " + issue.message);
    }
    const Json known = forge_format()["properties"];
    for (const auto& [name, value] : draft.source.members())
        if (!known[name])
            draft.problems.add("field_unknown", "/" + pointer_step(name), "the format has no \"" + name + '"');
}

void take_output(Draft& draft)
{
    const Json output = draft.source["output"];
    if (const Json schema = output["schema"])
        draft.result.output = schema;
    else if (output["schema_ref"].is_string())
        take_schema_reference(draft, output["schema_ref"].as_text(), "/output/schema_ref");
}

// What is no text was said with the format.
void take_prompts(Draft& draft)
{
    const Json prompts = draft.source["prompts"];
    for (const auto& [text, name] : {std::pair{&draft.result.system, "system"}, std::pair{&draft.result.user, "user"}})
        if (prompts[name].is_string())
            *text = prompt_text(draft, prompts[name], std::string{"/prompts/"} + name);
}

// Undeclared arguments are refused whether the author says so or not.
Json closed(const Json& inputs)
{
    Json copy = inputs.is_object() ? Json::adopt(json_copy(const_cast<json_t*>(inputs.get()))) : Json::object();
    return copy.set("additionalProperties", false);
}

}

bool read_forge_dialect(Draft& draft)
{
    const Json& source = draft.source;
    CatalogTemplate& result = draft.result;
    result.version = text_in(source, "version");
    if (!Version::parse(result.version)) {
        const Json given = source["version"];
        draft.problems.add("version_invalid", "/version", given ? dump(given) + " is no semantic version" : "no version");
        return false;
    }
    check_format(draft);
    result.keyword = text_in(source, "keyword");
    result.title = text_in(source, "title");
    result.purpose = text_in(source, "purpose");
    result.owner = text_in(source, "owner");
    result.reviewed = text_in(source, "reviewed");
    result.tags = texts_in(source["tags"]);
    result.risk = template_risk_of(source["risk"].as_text()).value_or(TemplateRisk::restricted);
    result.inputs = closed(source["inputs"]);
    result.collector = text_in(source["collector"], "name");
    result.collector_args = source["collector"]["args"].is_object() ? source["collector"]["args"] : Json::object();
    take_prompts(draft);
    result.guards = source["guards"].is_object() ? source["guards"] : Json::object();
    result.model = source["model"].is_object() ? source["model"] : Json::object();
    result.examples = source["examples"].is_array() ? source["examples"] : Json::array();
    take_output(draft);
    return true;
}

}
