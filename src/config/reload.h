// What a reload makes of the settings.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/config.h"

namespace forge {

/// Something that a reload changed.  Empty digests: it was not set, or is not any more.
struct Change {
    std::string name;     // of a setting, or "rbac"
    std::string before;   // "sha256:…"; of a secret "hmac-sha256:…"
    std::string after;
};

struct FreshConfig {
    std::shared_ptr<const Config> config;   // what is read at start only is as it was
    std::vector<Change> changed = {};
    std::vector<std::string> restart = {};  // the names of settings that are not as they were, but need a restart
};

/// The settings as the source has them now, for a program (`reader`) that runs with `running`.  `key` is for digests of
/// secrets (digest_key.h).  Throws ConfigError with everything that is wrong.
FreshConfig fresh_config(const Config& running, SettingsSource source, unsigned reader, const Secret& key);

}
