// The contract of the API, docs/openapi.yaml, as the programs carry it.
#pragma once

#include <string_view>

namespace forge {

/// The bytes of docs/openapi.yaml at the time of the build.
std::string_view openapi_yaml();

}
