// JSON values as YAML for people: blocks, literal texts, short lists and maps on one line.
#pragma once

#include "lib/json.h"

#include <string>

namespace forge {

/// An object's members, one document that parse_yaml reads as the same value.
std::string yaml_text(const Json& object);

}
