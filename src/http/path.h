// Matching of paths against patterns such as /v1/api/templates/{id}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// True when the path has the pattern's segments; those in braces take any one segment but an empty one, "." and "..", and
/// their texts are appended to `values` in order.  A last segment {name...} takes all the rest, of such segments.
bool path_matches(std::string_view pattern, std::string_view path, std::vector<std::string>& values);

}
