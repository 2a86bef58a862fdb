// A template as the product knows it: its JSON form.
#include "catalog/template.h"

#include <algorithm>

#include "base/error.h"

namespace forge {

namespace {

Json texts(const std::vector<std::string>& list)
{
    Json array = Json::array();
    for (const auto& text : list)
        array.append(text);
    return array;
}

std::vector<std::string> texts_of(const Json& array)
{
    std::vector<std::string> list;
    for (const auto& item : array.items())
        list.emplace_back(item.as_text());
    return list;
}

template <class Table>
auto value_of(const Table& table, std::string_view word)
{
    const auto found = std::ranges::find(table, word, [](const auto& row) { return row.first; });
    if (found == table.end())
        throw Error("a template has the unknown word \"" + std::string{word} + '"');
    return found->second;
}

std::string text_of_member(const Json& json, const char* name)
{
    return std::string{json[name].as_text()};
}

}

const std::string& CatalogTemplate::name() const
{
    return !title.empty() ? title : !keyword.empty() ? keyword : id;
}

Json to_json(const CatalogTemplate& value)
{
    Json json = list_item(value);
    json.set("title", value.title);
    json.set("keyword", value.keyword);
    json.set("purpose", value.purpose);
    json.set("owner", value.owner);
    json.set("reviewed", value.reviewed);
    json.set("risk", word_of(template_risks, value.risk));
    json.set("dialect", word_of(dialects, value.dialect));
    json.set("digest", value.digest);
    json.set("path", value.path);
    json.set("usable", value.usable);
    json.set("problems", value.problems);
    json.set("inputs", value.inputs);
    json.set("text_inputs", texts(value.text_inputs));
    if (!value.collector.empty())
        json.set("collector", Json::object({{"name", value.collector}, {"args", value.collector_args}}));
    json.set("prompts", Json::object({{"system", value.system}, {"user", value.user}}));
    json.set("translated_jinja", value.syntax == Syntax::with_translated_jinja);
    Json output = Json::object();
    output.set("schema", value.output);
    if (!value.output_ref.empty())
        output.set("schema_ref", value.output_ref);
    if (value.output)
        output.set("digest", value.output_digest);
    json.set("output", output);
    json.set("guards", value.guards);
    json.set("model", value.model);
    json.set("examples", value.examples);
    json.set("source", value.source);
    return json;
}

CatalogTemplate template_from_json(const Json& json)
{
    CatalogTemplate value;
    value.id = text_of_member(json, "id");
    value.version = text_of_member(json, "version");
    value.keyword = text_of_member(json, "keyword");
    value.title = text_of_member(json, "title");
    value.purpose = text_of_member(json, "purpose");
    value.owner = text_of_member(json, "owner");
    value.reviewed = text_of_member(json, "reviewed");
    value.tags = texts_of(json["tags"]);
    value.risk = value_of(template_risks, json["risk"].as_text());
    value.dialect = value_of(dialects, json["dialect"].as_text());
    value.digest = text_of_member(json, "digest");
    value.path = text_of_member(json, "path");
    value.usable = json["usable"].as_bool();
    value.problems = json["problems"];
    value.inputs = json["inputs"];
    value.text_inputs = texts_of(json["text_inputs"]);
    value.collector = text_of_member(json["collector"], "name");
    value.collector_args = json["collector"]["args"];
    value.system = text_of_member(json["prompts"], "system");
    value.user = text_of_member(json["prompts"], "user");
    value.syntax = json["translated_jinja"].as_bool() ? Syntax::with_translated_jinja : Syntax::plain;
    value.output = json["output"]["schema"];
    value.output_ref = text_of_member(json["output"], "schema_ref");
    value.output_digest = text_of_member(json["output"], "digest");
    value.guards = json["guards"];
    value.model = json["model"];
    value.examples = json["examples"];
    value.source = json["source"];
    return value;
}

Json list_item(const CatalogTemplate& value)
{
    return Json::object({{"id", value.id},
                         {"name", value.name()},
                         {"description", value.purpose},
                         {"version", value.version},
                         {"tags", texts(value.tags)}});
}

bool is_template_id(std::string_view text)
{
    return !text.empty() && text.size() <= 200 && std::ranges::all_of(text, [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    });
}

}
