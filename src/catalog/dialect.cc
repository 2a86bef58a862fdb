// What the dialects share.
#include "catalog/dialect.h"

#include <algorithm>

#include "render/jinja.h"

namespace forge {

Dialect dialect_of(const Json& source)
{
    if (source["forge"])
        return Dialect::forge;
    if (source["inputs"].is_array() || source["prompts"])
        return Dialect::ritual;
    if (source["safety_classification"] || source["quality_gates"])
        return Dialect::spectrum;
    if (source["safety"].is_object())
        return Dialect::pci;
    if (source["meta"].is_object() || source["prescan"] || source["artifacts"])
        return Dialect::dora;
    return Dialect::classic;
}

std::string prompt_text(Draft& draft, const Json& value, const std::string& pointer)
{
    if (value && !value.is_string()) {
        draft.problems.add("field_unusable", pointer, pointer.substr(1) + " must be a text");
        return {};
    }
    auto translation = translate_jinja(value.as_text());
    for (const auto& problem : translation.problems)
        draft.problems.add_in_text("jinja_untranslatable", pointer, {problem.line, problem.column}, problem.reason);
    if (translation.has_jinja)
        draft.result.syntax = Syntax::with_translated_jinja;
    return translation.problems.empty() ? std::move(translation.text) : std::string{};
}

void take_schema_reference(Draft& draft, std::string_view reference, const std::string& pointer)
{
    draft.uses_schema_files = true;
    draft.result.output_ref = reference;
    const auto slash = draft.path.rfind('/');
    const auto folder = slash == std::string::npos ? std::string{} : draft.path.substr(0, slash);
    auto found = draft.schemas.resolve(reference, folder);
    if (found.schema)
        draft.result.output = found.schema->bundled();
    else
        draft.problems.add(found.code, pointer, std::move(found.message));
    draft.output = std::move(found.schema);
}

std::string text_in(const Json& source, const char* name)
{
    return std::string{source[name].as_text()};
}

std::vector<std::string> texts_in(const Json& array)
{
    std::vector<std::string> list;
    for (const auto& item : array.items())
        list.push_back(item.is_string() ? std::string{item.as_text()} : dump(item));
    return list;
}

std::optional<TemplateRisk> template_risk_of(std::string_view word)
{
    const auto found = std::ranges::find(template_risks, word, [](const auto& row) { return row.first; });
    return found == template_risks.end() ? std::nullopt : std::optional{found->second};
}

}
