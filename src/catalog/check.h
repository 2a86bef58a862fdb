// What a template promises, held against itself.
#pragma once

#include "catalog/problem.h"
#include "catalog/template.h"
#include "schema/json_schema.h"

#include <memory>

namespace forge {

/// Prompts can be rendered, schemas compiled, examples validate, variables are declared, the system prompt is free of
/// callers' text, owner and review are stated.  Sets result.output absent when it is no usable schema.  `output` is that
/// schema compiled, if somebody did already.
void check_template(CatalogTemplate& result, std::shared_ptr<const JsonSchema> output, Problems& problems);

}
