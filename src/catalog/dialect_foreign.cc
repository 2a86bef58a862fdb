// Templates in the five dialects of others: each member is looked for wherever one of them has it.
#include "catalog/dialect.h"

#include <array>
#include <initializer_list>

#include "analyze/collector.h"
#include "base/clock.h"
#include "base/text.h"
#include "catalog/version.h"

namespace forge {

namespace {

struct Found {
    Json value;
    std::string pointer;
};

// The first of some places ("meta/title") that has something.
Found first_of(const Json& source, std::initializer_list<std::string_view> places)
{
    for (const auto place : places) {
        Json value = source;
        for (const auto step : split(place, '/'))
            value = value[step];
        if (value && !value.is_null())
            return {value, "/" + std::string{place}};
    }
    return {};
}

std::string first_text(const Json& source, std::initializer_list<std::string_view> places)
{
    return std::string{trim(first_of(source, places).value.as_text())};
}

// "1", 1.0, "v1.2": what people write for 1.0.0 and 1.2.0.
std::string mended_version(const Json& given)
{
    std::string text = given.is_string() ? std::string{given.as_text()} : given ? dump(given) : "";
    if (Version::parse(text))
        return text;
    if (text.starts_with('v'))
        text.erase(0, 1);
    for (int dots = 0; dots < 3; ++dots, text += ".0")
        if (Version::parse(text))
            return text;
    return "0.0.0";
}

void take_version(Draft& draft)
{
    const Json given = draft.source["version"];
    draft.result.version = mended_version(given);
    if (given.as_text() != draft.result.version)
        draft.problems.add("dialect_version", "/version", "the version is taken as " + draft.result.version);
}

void take_risk(Draft& draft)
{
    const auto found = first_of(draft.source, {"safety_classification", "safety/classification", "meta/safety",
                                               "guardrails/level", "risk"});
    if (!found.value.is_string()) {
        draft.result.risk = TemplateRisk::advisory;
        draft.problems.add("risk_missing", "", "the template states no risk level");
        return;
    }
    const auto risk = template_risk_of(lower(found.value.as_text()));
    draft.result.risk = risk.value_or(TemplateRisk::restricted);
    if (!risk)
        draft.problems.add("risk_unknown", found.pointer,
                           "unknown risk level \"" + std::string{found.value.as_text()} + '"');
}

void take_review(Draft& draft)
{
    const auto found = first_of(draft.source, {"reviewed", "meta/reviewed"});
    draft.result.reviewed = trim(found.value.as_text());
    if (parse_rfc3339(draft.result.reviewed))
        return;
    draft.problems.add("review_missing", found.pointer,
                       found.value ? dump(found.value) + " is no day" : "the template says nothing of a review");
}

void take_prompts(Draft& draft)
{
    const auto system = foreign_prompt(draft.source, "system");
    const auto user = foreign_prompt(draft.source, "user");
    draft.system_at = system.pointer;
    draft.user_at = user.pointer;
    draft.result.system = prompt_text(draft, system.value, system.pointer);
    draft.result.user = prompt_text(draft, user.value, user.pointer);
    if (system.value.as_text().empty() && user.value.as_text().empty())
        draft.problems.add("field_unusable", "/prompt", "the template has no prompt");
}

// outputs is a reference, or a schema itself, beside members that are only for people.
void take_output(Draft& draft)
{
    const Json outputs = draft.source["outputs"];
    if (outputs["schema_ref"].is_string()) {
        take_schema_reference(draft, outputs["schema_ref"].as_text(), "/outputs/schema_ref");
    } else if (outputs["schema"].is_object()) {
        draft.result.output = outputs["schema"];
    } else if (outputs["$schema"] || (outputs["type"].is_string() && outputs["properties"].is_object())) {
        draft.result.output = outputs;
    }
}

void take_model(Draft& draft)
{
    draft.result.model = Json::object();
    for (const char* const name : {"temperature", "max_tokens"})
        if (const Json value = draft.source["guardrails"][name]; value.is_number())
            draft.result.model.set(name, value);
}

void take_prescan(Draft& draft)
{
    const Json prescan = draft.source["prescan"];
    if (!prescan.is_object())
        return;
    if (prescan["run"]["script"] || prescan["script"])
        draft.problems.add("prescan_script", prescan["run"] ? "/prescan/run" : "/prescan",
                           "the prescan's script is never run");
    const auto name = text_in(prescan, "name");
    if (find_collector(name) != nullptr)
        draft.result.collector = name;
    else
        draft.problems.add("prescan_unknown", "/prescan/name", "no native collector is named \"" + name + '"');
}

}

PromptPlace foreign_prompt(const Json& source, const std::string& role)
{
    if (role == "user" && source["prompt"].is_string())
        return {source["prompt"], "/prompt"};
    const std::string in_prompt = "prompt/" + role;
    const std::string in_prompts = "prompts/" + role;
    const auto found = first_of(source, {in_prompt, in_prompts});
    return {found.value, found.pointer};
}

bool read_foreign_dialect(Draft& draft)
{
    const Json& source = draft.source;
    CatalogTemplate& result = draft.result;
    take_version(draft);
    result.keyword = first_text(source, {"keyword"});
    result.title = first_text(source, {"title", "meta/title"});
    result.purpose = first_text(source, {"purpose", "description", "meta/description"});
    result.owner = first_text(source, {"owner", "author", "meta/owner"});
    if (result.owner.empty())
        draft.problems.add("owner_missing", "", "the template names no owner");
    take_review(draft);
    result.tags = texts_in(first_of(source, {"tags", "meta/tags"}).value);
    take_risk(draft);
    result.inputs = foreign_inputs(draft, source["inputs"]);
    result.collector_args = Json::object();
    take_prescan(draft);
    take_prompts(draft);
    take_output(draft);
    take_model(draft);
    result.guards = Json::object();
    result.examples = source["examples"].is_array() ? source["examples"] : Json::array();
    return true;
}

}
