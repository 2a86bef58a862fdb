// Templates made ready to run: schemas and prompts compiled once for each version.
#pragma once

#include "base/guarded.h"
#include "catalog/catalog.h"
#include "guard/policy.h"
#include "render/handlebars.h"
#include "schema/json_schema.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace forge {

struct CompiledTemplate {
    /// Throws Error when a schema, a prompt or the guards cannot be used; the catalog marks such a template unusable before.
    explicit CompiledTemplate(std::shared_ptr<const CatalogTemplate> source);

    std::shared_ptr<const CatalogTemplate> source;
    JsonSchema inputs;
    std::optional<JsonSchema> output;
    GuardPolicy guards;
    Handlebars system;
    Handlebars user;
};

/// The last few hundred, by digest.  Any thread.
class CompiledTemplates {
public:
    explicit CompiledTemplates(Catalog& catalog) : catalog_(catalog) {}

    /// "id", "id@version" or an old keyword.  Throws Refusal: 404 template_not_found, 422 template_unusable.
    std::shared_ptr<const CompiledTemplate> find(const std::string& name);

private:
    struct Cache {
        std::map<std::string, std::shared_ptr<const CompiledTemplate>> templates;
        std::deque<std::string> order;   // oldest first
    };

    Catalog& catalog_;
    Guarded<Cache> cache_;
};

}
