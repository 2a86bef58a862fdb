// A random key that an installation makes once and keeps in a file.
#pragma once

#include <string>

namespace forge {

/// The 32 bytes in the file, which is made (0600) when it is missing; whoever asks at the same time gets the same.
/// Throws Error for a file of another size, SystemError.
std::string kept_key(const std::string& path);

}
