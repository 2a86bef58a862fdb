// Templates in the dialects of others, rewritten to our format.
#pragma once

#include "catalog/template.h"
#include "lib/json.h"

#include <string>
#include <vector>

namespace forge {

/// What a source may not say, and the one who imports it does.
struct ImportWishes {
    std::string owner = {};
    std::string reviewed = {};   // "2026-11-01"
};

struct ImportedTemplate {
    Json value;                       // in our format, its members in the order of its description
    std::vector<std::string> notes;   // what could not be translated, or means something else now; a sentence each
};

/// `source` is of a foreign dialect.  Members that nobody asks for are kept.
ImportedTemplate import_template(const CatalogTemplate& source, const ImportWishes& wishes = {});

/// Renders the prompts of both for arguments made from the inputs of the first: empty when all are the same, else for
/// which arguments they differ, and how.
std::string difference_in_prompts(const CatalogTemplate& source, const CatalogTemplate& imported);

}
