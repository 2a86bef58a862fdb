// Profiles: how the prompts of a house speak: voice, defaults, style.
#pragma once

#include "lib/json.h"

#include <string>

namespace forge {

/// {"voice","defaults","style"} of FOLDER/NAME.yaml; an empty object for the profile "vault" where it has no file.
/// Throws Refusal 400 unknown_profile, Error for a file that cannot be used.
Json load_profile(const std::string& folder, const std::string& name);

}
