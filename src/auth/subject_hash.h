// How logs name a subject.
#pragma once

#include <string>
#include <string_view>

namespace forge {

/// 16 hex digits, the same for one subject throughout an installation, and a riddle to whoever lacks its key: HMAC-SHA256
/// of ["iss","sub"] as JSON.
std::string subject_hash(std::string_view key, std::string_view iss, std::string_view sub);

}
