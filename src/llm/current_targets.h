// The providers in force, which a reload replaces as a whole.
#pragma once

#include <vector>

#include "base/guarded.h"
#include "config/reload.h"
#include "llm/target.h"

namespace forge {

/// Any thread.
class CurrentTargets {
public:
    /// Throws ConfigError where a live worker has none, or the file is broken: there is no last good one yet.
    explicit CurrentTargets(const std::shared_ptr<const Config>& config);

    /// As they are now; null where AI_CORE_MODE=offline.  A run takes them once and keeps them to its end.
    SharedTargets get() const { return *targets_.access(); }
    void replace(SharedTargets targets) { targets_.access()->swap(targets); }

private:
    mutable Guarded<SharedTargets> targets_;
};

/// Those of the config, or null when it is offline.  Throws ConfigError.
SharedTargets live_targets(const std::shared_ptr<const Config>& config);

/// What a reload changed: "providers" when the file did, "providers.NAME" when the key in a file did.  `key` is for
/// digests of secrets.
std::vector<Change> changes(const SharedTargets& before, const SharedTargets& after, const Secret& key);

}
