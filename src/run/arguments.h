// The arguments of a run: the template's defaults, the profile's, then those given; checked against the inputs.
#pragma once

#include "lib/json.h"
#include "schema/json_schema.h"

namespace forge {

/// Template default < profile default < given; a profile default for an argument that is not declared is left out.
/// Throws Refusal 400 invalid_args, each issue with its path "/args/…": undeclared, missing or wrong arguments.
Json merged_arguments(const JsonSchema& inputs, const Json& profile_defaults, const Json& given);

}
