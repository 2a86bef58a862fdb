// Identifiers that sort by time.
#pragma once

#include "base/clock.h"

#include <string>
#include <string_view>

namespace forge {

/// A UUID version 7 (RFC 9562 section 5.7) of this moment; within one process each is greater than the one before.
std::string uuid_v7();
/// True for the 36-character lower-case form of a UUID of any version.
bool is_uuid(std::string_view text);

}
