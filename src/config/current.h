// The settings in force, which a reload replaces as a whole.
#pragma once

#include <memory>

#include "base/guarded.h"
#include "config/config.h"

namespace forge {

/// Any thread.
class CurrentConfig {
public:
    explicit CurrentConfig(std::shared_ptr<const Config> config) : config_(std::move(config)) {}

    /// As it is now; what belongs together (a request, a run) takes it once and keeps it to its end.
    std::shared_ptr<const Config> get() const { return *config_.access(); }
    void replace(std::shared_ptr<const Config> config) { config_.access()->swap(config); }

private:
    mutable Guarded<std::shared_ptr<const Config>> config_;
};

}
