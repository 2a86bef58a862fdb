// The dialects in which templates are written: ours, and five that others wrote.
#pragma once

#include "catalog/problem.h"
#include "catalog/schema_files.h"
#include "catalog/template.h"

#include <memory>
#include <optional>
#include <string>

namespace forge {

/// A file on its way to a template.
struct Draft {
    const Json& source;       // the file's value, an object
    const std::string& path;  // relative to the root
    SchemaFiles& schemas;
    Problems& problems;
    CatalogTemplate result;
    std::shared_ptr<const JsonSchema> output;   // compiled, where it came from a file
    bool uses_schema_files = false;
    std::string system_at = "/prompts/system";  // where the prompts stand
    std::string user_at = "/prompts/user";
};

/// Ours has a member "forge"; the others are told apart by what only they have.
Dialect dialect_of(const Json& source);

/// Fill in everything but id, path, digest, problems and usable.  False: the version makes it impossible to list it.
bool read_forge_dialect(Draft& draft);
bool read_foreign_dialect(Draft& draft);

/// The inputs of a foreign dialect, a map or a list, as JSON Schema, and the names of those that are rendered as text.
Json foreign_inputs(Draft& draft, const Json& inputs);

/// A prompt of a foreign dialect, "system" or "user", as it is written, and where it stands; absent when there is none.
struct PromptPlace {
    Json value;
    std::string pointer;
};
PromptPlace foreign_prompt(const Json& source, const std::string& role);

/// The prompt's text, Jinja in it translated; "" and a problem for what is no text.
std::string prompt_text(Draft& draft, const Json& value, const std::string& pointer);

/// Sets the output schema from a reference to a file, or says why not.
void take_schema_reference(Draft& draft, std::string_view reference, const std::string& pointer);

/// The text of a member, or "".
std::string text_in(const Json& source, const char* name);
/// The texts of an array member; numbers and truth values as they are written.
std::vector<std::string> texts_in(const Json& array);
/// The risk of its word.
std::optional<TemplateRisk> template_risk_of(std::string_view word);

}
