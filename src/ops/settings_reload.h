// Reloads of a program that has nothing to swap but its settings.
#pragma once

#include "config/reload.h"
#include "metrics/metrics.h"
#include "ops/reload_desk.h"

namespace forge {

/// One thread.
class SettingsReload {
public:
    /// `name` is the process and its instance.  Throws Error when the files of the desk cannot be made.
    SettingsReload(std::shared_ptr<const Config> settings, Program reader, const std::string& name, Metrics& metrics);

    /// Reads the settings again, and answers with what changed, what wants a restart, and what would keep it from starting.
    void reload();

private:
    std::shared_ptr<const Config> settings_;
    const Program reader_;
    Metrics& metrics_;
    ReloadDesk desk_;
};

}
