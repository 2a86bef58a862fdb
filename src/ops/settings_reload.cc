// Reloads of a program that has nothing to swap but its settings.
#include "ops/settings_reload.h"

#include "base/error.h"

namespace forge {

SettingsReload::SettingsReload(std::shared_ptr<const Config> settings, Program reader, const std::string& name,
                               Metrics& metrics)
    : settings_(std::move(settings)), reader_(reader), metrics_(metrics), desk_(settings_->runtime_dir, name)
{
}

void SettingsReload::reload()
{
    ReloadAnswer answer{.wanted = desk_.wanted()};
    try {
        FreshConfig fresh = fresh_config(*settings_, system_settings(), reader_, Secret{});
        settings_ = fresh.config;
        answer.take(std::move(fresh));
    } catch (const Error& error) {
        answer.refuse(error);
    }
    ++metrics_.config_reloads(answer.result());
    desk_.answer(answer);
}

}
