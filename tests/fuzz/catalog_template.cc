// Templates: any file is a template or problems with places; what is usable can be shown, kept, linted and imported.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "catalog/import.h"
#include "catalog/profile_file.h"
#include "catalog/read_template.h"
#include "catalog/yaml_text.h"
#include "lib/yaml.h"
#include "base/error.h"
#include "render/handlebars.h"
#include "schema/json_schema.h"

namespace {

constexpr std::size_t largest = 1 << 15;

void check_problems(const forge::TemplateFile& file)
{
    for (const auto& problem : file.problems)
        if (problem.at.line < 1 || problem.at.column < 1 || problem.message.empty() || problem.hint().empty())
            std::abort();
    if (!file.value && file.problems.empty())
        std::abort();   // nothing, and nobody says why
}

// What the index keeps is what was read; what can run compiles.
void check_kept(const forge::CatalogTemplate& value)
{
    const auto text = dump(to_json(value));
    if (dump(to_json(forge::template_from_json(forge::parse_json(text)))) != text)
        std::abort();
    if (!value.usable)
        return;
    static_cast<void>(forge::JsonSchema::compile(value.inputs));
    static_cast<void>(forge::Handlebars::compile(value.system, value.syntax));
    static_cast<void>(forge::Handlebars::compile(value.user, value.syntax));
}

void check_import(const forge::CatalogTemplate& value, forge::SchemaFiles& schemas)
{
    const auto imported = forge::import_template(value);
    const auto text = forge::yaml_text(imported.value);
    const auto result = forge::read_template("a.yaml", text, schemas);
    check_problems(result);
    if (result.value && result.value->usable)
        static_cast<void>(forge::difference_in_prompts(value, *result.value));
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (size > largest)
        return 0;
    forge::SchemaFiles schemas{"/nowhere"};
    for (const char* const path : {"a.yaml", "a.json"}) {
        const auto file = forge::read_template(path, text, schemas);
        check_problems(file);
        if (!file.value)
            continue;
        check_kept(*file.value);
        if (file.value->usable && file.value->dialect != forge::Dialect::forge)
            check_import(*file.value, schemas);
    }
    try {
        static_cast<void>(forge::parse_profile(text));
    } catch (const forge::Error&) {
    }
    return 0;
}
