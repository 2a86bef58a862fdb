// Templates in the dialects of others, rewritten to our format.
#include "catalog/import.h"

#include <algorithm>
#include <map>
#include <set>

#include "catalog/dialect.h"
#include "catalog/forge_format.h"
#include "render/handlebars.h"

namespace forge {

namespace {

// What was taken from the members of others; an empty list: all of it.
const std::map<std::string_view, std::vector<std::string_view>> taken{
    {"author", {}},
    {"description", {}},
    {"guardrails", {"level", "temperature", "max_tokens"}},
    {"meta", {"title", "description", "owner", "reviewed", "tags", "safety"}},
    {"outputs", {"schema_ref", "schema"}},
    {"prescan", {"name"}},
    {"prompt", {"system", "user"}},
    {"safety", {"classification"}},
    {"safety_classification", {}},
};
constexpr std::string_view plain_draft = "https://json-schema.org/draft/2020-12/schema";

class Import {
public:
    Import(const CatalogTemplate& source, const ImportWishes& wishes) : source_(source), wishes_(wishes) {}

    ImportedTemplate result()
    {
        take_head();
        take_inputs();
        take_collector();
        take_prompts();
        take_output();
        out_.set("guards", parse_json(R"({"input":["secrets"],"output":["secrets"],"mode":"redact"})"));
        note("guards: secrets are redacted in what comes in and goes out; the source says nothing of it");
        if (source_.model.size() > 0)
            out_.set("model", source_.model);
        out_.set("examples", source_.examples);
        if (source_.examples.size() == 0)
            note("examples: the source has none");
        keep_the_rest();
        return {std::move(out_), std::move(notes_)};
    }

private:
    void note(std::string sentence) { notes_.push_back(std::move(sentence)); }
    void set_if_any(const char* name, const std::string& value)
    {
        if (!value.empty())
            out_.set(name, value);
        else
            note(std::string{name} + ": the source says nothing of it");
    }
    void take_head();
    void take_inputs();
    void take_collector();
    void take_prompts();
    void take_output();
    std::set<std::string> keys_in_prompts() const;
    void keep_the_rest();
    void keep_key_of_prompts(const std::string& name, const Json& value);
    void keep_residue(const std::string& name, const Json& value);

    const CatalogTemplate& source_;
    const ImportWishes& wishes_;
    Json out_ = Json::object();
    std::vector<std::string> notes_;
};

void Import::take_head()
{
    out_.set("forge", 1);
    out_.set("id", source_.id);
    out_.set("version", source_.version);
    if (source_.source["version"].as_text() != source_.version)
        note("version: " + dump(source_.source["version"] ? source_.source["version"] : Json{nullptr}) + " is taken as " +
             source_.version);
    if (!source_.keyword.empty())
        out_.set("keyword", source_.keyword);
    out_.set("title", source_.name());
    set_if_any("purpose", source_.purpose);
    set_if_any("owner", source_.owner.empty() ? wishes_.owner : source_.owner);
    set_if_any("reviewed", source_.reviewed.empty() ? wishes_.reviewed : source_.reviewed);
    Json tags = Json::array();
    for (const auto& tag : source_.tags)
        tags.append(tag);
    out_.set("tags", tags);
    out_.set("risk", word_of(template_risks, source_.risk));
}

// A text that also took arrays and objects takes texts now: ours prints no array without jsonStringify.
void Import::take_inputs()
{
    Json inputs = source_.inputs.deep_copy();
    if (inputs["$schema"].as_text() == plain_draft)
        inputs.remove("$schema");
    if (inputs["required"].is_array() && inputs["required"].size() == 0)
        inputs.remove("required");
    Json properties = inputs["properties"];
    for (const auto& name : source_.text_inputs) {
        const Json given = properties[name]["default"];
        if (given && !given.is_string()) {
            note("inputs." + name + ": its default is no text");
            continue;
        }
        properties[name].set("type", "string");
        note("inputs." + name + ": takes a text only; an array or object was taken as its JSON text");
    }
    out_.set("inputs", inputs);
}

void Import::take_collector()
{
    const Json prescan = source_.source["prescan"];
    if (!source_.collector.empty())
        out_.set("collector", Json::object({{"name", source_.collector}, {"args", source_.collector_args}}));
    else if (prescan)
        note("prescan: no native collector is named " + dump(prescan["name"] ? prescan["name"] : Json{nullptr}));
    if (prescan["run"] || prescan["script"])
        note("prescan: its script is left out, it was never run");
}

void Import::take_prompts()
{
    Json prompts = Json::object();
    for (const char* const role : {"system", "user"})
        if (const Json text = foreign_prompt(source_.source, role).value; text.is_string())
            prompts.set(role, text);
    out_.set("prompts", prompts);
}

void Import::take_output()
{
    const Json outputs = source_.source["outputs"];
    Json output = Json::object();
    if (source_.output) {
        output.set("schema", source_.output);
        if (!source_.output_ref.empty())
            note("outputs.schema_ref: " + source_.output_ref + " is written out");
    } else if (!source_.output_ref.empty()) {
        output.set("schema_ref", source_.output_ref);
        note("outputs.schema_ref: " + source_.output_ref + " leads nowhere; put the file there");
    } else if (outputs["schema"].is_object() || outputs["type"].is_string()) {
        output.set("schema", outputs["schema"].is_object() ? outputs["schema"] : outputs);
        note("outputs: the schema cannot be used");
    } else {
        output.set("schema", true);
        note("outputs: the source has no schema; every answer is valid");
    }
    out_.set("output", output);
}

// The template's own members that its prompts show.
std::set<std::string> Import::keys_in_prompts() const
{
    std::set<std::string> names;
    for (const auto& text : {source_.system, source_.user})
        for (const auto& reference : Handlebars::compile(text, source_.syntax).references())
            names.insert(reference.path.substr(0, reference.path.find('.')));
    for (const auto& [name, input] : source_.inputs["properties"].members())
        names.erase(name);
    return names;
}

void Import::keep_the_rest()
{
    const auto shown = keys_in_prompts();
    const Json ours = forge_format()["properties"];
    const std::set<std::string_view> same{"id", "version", "keyword", "title", "purpose", "owner", "reviewed", "tags",
                                          "inputs", "examples", "prompts", "risk"};
    for (const auto& [name, value] : source_.source.members()) {
        if (shown.contains(name))
            keep_key_of_prompts(name, value);
        else if (taken.contains(name))
            keep_residue(name, value);
        else if (!ours[name] || name == "quality_checklist")
            out_.set(name, value);
        else if (!same.contains(name) || (name == "risk" && value.is_object()))
            note(name + ": " + dump(value).substr(0, 60) + " is left out: the word means something else now");
    }
}

void Import::keep_key_of_prompts(const std::string& name, const Json& value)
{
    if (!out_[name])
        out_.set(name, value);
    else if (!(out_[name] == value))
        note(name + ": the prompts show it, and it is something else now");
}

void Import::keep_residue(const std::string& name, const Json& value)
{
    const bool is_schema = name == "outputs" && source_.output && source_.output_ref.empty() && !value["schema"];
    const auto& understood = taken.at(name);
    if (is_schema || understood.empty() || name == "prescan")
        return;
    Json rest = Json::object();
    for (const auto& [member, inner] : value.members())
        if (std::ranges::find(understood, member) == understood.end())
            rest.set(member, inner);
    if (rest.size() > 0)
        out_.set(name, rest);
}

}

ImportedTemplate import_template(const CatalogTemplate& source, const ImportWishes& wishes)
{
    return Import{source, wishes}.result();
}

}
