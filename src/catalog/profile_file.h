// Files of profiles: NAME.yaml with "voice", "defaults" and "style".
#pragma once

#include "catalog/index.h"
#include "catalog/problem.h"
#include "lib/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// Letters, digits, "_", "-" and ".", up to 64, not beginning with a dot.
bool is_profile_name(std::string_view name);

/// Throws Error "line 3, column 5: …" or "voice must be …" for what is no profile.
Json parse_profile(std::string_view text);

/// What is wrong with the profiles of a folder, alone and held against the templates that they give arguments to.
/// Paths are relative to the folder; without a folder there is nothing.
std::vector<Problem> lint_profiles(const std::string& folder, const CatalogIndex& templates);

}
