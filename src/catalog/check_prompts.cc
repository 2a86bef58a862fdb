// Prompts of a template.
#include "catalog/check_prompts.h"

namespace forge {

void check_prompts(const CatalogTemplate&, Problems&)
{
}

}
