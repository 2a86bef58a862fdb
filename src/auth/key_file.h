// The issuer's keys as a worker last fetched them, for the workers beside it and after it.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"

namespace forge {

/// Where the keys are, as the settings say now.
struct KeySource {
    std::string issuer;     // empty: there is none, nothing is fetched
    std::string jwks_url;   // empty: discovered

    friend bool operator==(const KeySource&, const KeySource&) = default;
};

struct StoredKeys {
    std::string text;   // the key set as it came
    WallTime fetched;
};

/// Replaces what is stored.  Whoever can write the file says who comes in: it is the owner's only.  Throws Error.
void store_keys(const std::string& path, const KeySource& source, const StoredKeys& keys);
/// Nothing where there are none, or those of another source, or of a time that has not come yet.
std::optional<StoredKeys> stored_keys(const std::string& path, const KeySource& source, WallTime now);

}
