// The key under which digests of secrets are made that may be shown.
#pragma once

#include <string>

#include "config/secret.h"

namespace forge {

/// 32 random bytes in hex, in a file of mode 0400, made by the first program that looks for it: processes that share the
/// file make the same digests, and nobody without it can try out what a secret may be.  Throws Error.
Secret digest_key(const std::string& path);

}
