// Our template format, as the JSON Schema that lint holds every file against.
#pragma once

#include "lib/json.h"

namespace forge {

/// Draft 2020-12.  Members that it does not list are kept and reported as field_unknown.
const Json& forge_format();

}
