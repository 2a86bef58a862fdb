// Parts of the YAML reader: plain scalars by the core schema (YAML 1.2.2, 10.3.2), and what no reader should guess at.
#pragma once

#include "lib/yaml.h"

#include <string_view>

namespace forge {

/// null, true, false, a number, or the text itself.  Throws Error for a number that JSON cannot hold.
Json plain_value(std::string_view text);

/// Throws YamlError for too many bytes, anything that is not UTF-8, and control characters.
void refuse_bad_bytes(std::string_view text, const YamlLimits& limits);

}
