// Why nobody can sign in: what tokens need, looked at step by step, from the settings to a given token's roles.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/config.h"
#include "lib/steps.h"
#include "lib/web_client.h"

namespace forge {

struct AuthDoctor {
    const Config& config;
    std::function<WebAnswer(const std::string& url)> get;   // throws WebError
    std::optional<std::string> token;                       // to be judged as the server would
    WallTime now = wall_now();

    /// Bypass, issuer, discovery, keys, clock, role file; with a token its form, claims, signature and roles.  Ends with the
    /// first step that fails.
    std::vector<CheckedStep> steps() const;
};

}
