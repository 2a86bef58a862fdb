// What an issuer says of itself (OpenID Connect Discovery 1.0 sections 3 and 4).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace forge {

// What is fetched from an issuer at most, and how long that may take.
constexpr std::size_t largest_issuer_answer = 256 * 1024;
constexpr Millis issuer_deadline{5'000};

/// Where the issuer's document is.
std::string discovery_url(const std::string& issuer);

/// Its jwks_uri, https or on this host.  Throws Error when it is none, or when the document is another issuer's: the slash
/// at the end counts.
std::string keys_url_in(std::string_view document, const std::string& issuer);
/// Another endpoint of it, "token_endpoint", under the same conditions.
std::string endpoint_in(std::string_view document, const std::string& issuer, const char* name);

}
