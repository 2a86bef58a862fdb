// Prompts of a template: can they be rendered, and from what?
#pragma once

#include "catalog/problem.h"
#include "catalog/template.h"

namespace forge {

/// Adds what is wrong with the prompts.
void check_prompts(const CatalogTemplate& result, Problems& problems);

}
