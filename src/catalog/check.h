// What a template promises, held against itself.
#pragma once

#include "catalog/dialect.h"

namespace forge {

/// Prompts can be rendered, schemas compiled, examples validate, variables are declared, the system prompt is free of
/// callers' text, the review is not too old.  Removes an output schema that cannot be used.
void check_template(Draft& draft);

/// That of it which concerns the prompts.  Without usable inputs nothing is rendered.
void check_prompts(Draft& draft, const JsonSchema* inputs);

}
