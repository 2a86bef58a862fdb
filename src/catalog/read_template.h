// From a file's bytes to a template and what is wrong with it.
#pragma once

#include "catalog/problem.h"
#include "catalog/schema_files.h"
#include "catalog/template.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// What a file of the catalog holds.
struct TemplateFile {
    std::optional<CatalogTemplate> value;   // nothing: no template that could be listed; problems say why
    std::vector<Problem> problems;          // the same as value->problems, where there is a value
    Position id_at;
    Position keyword_at;
    Position reviewed_at;
    bool uses_schema_files = false;         // so that it must be read again when one of those changes
};

/// Never throws for what is in the file.  `path` is relative to the catalog's root; its ending (.json) decides the
/// syntax.  Any thread.
TemplateFile read_template(const std::string& path, std::string_view text, SchemaFiles& schemas);

}
