// What a reload makes of the settings.
#include "config/reload.h"

#include "base/text.h"
#include "lib/crypto.h"

namespace forge {

namespace {

/// What is read at start only, as it is now, in the place of what the source says.
SettingsSource with_fixed(const Config& running, SettingsSource source)
{
    for (const Setting& setting : running.settings())
        if (!setting.use.reloads)
            source.values.insert_or_assign(setting.name, GivenValue{setting.value, setting.from, false});
    return source;
}

std::string digest_of(const Setting& setting, const Secret& key)
{
    if (!setting.secret)
        return setting.value.empty() ? "" : sha256_digest(setting.value);
    if (setting.hash.empty())
        return "";
    return "hmac-sha256:" + hex(hmac_sha256(key.reveal(), setting.name + "\n" + setting.hash));
}

bool is_same(const Setting& one, const Setting& other)
{
    return one.value == other.value && one.hash == other.hash;
}

}

FreshConfig fresh_config(const Config& running, SettingsSource source, unsigned reader, const Secret& key)
{
    const Config wanted{source, reader};
    wanted.check();   // a bad value of the others would keep the next start from succeeding
    FreshConfig fresh{.config = std::make_shared<const Config>(with_fixed(running, std::move(source)), reader)};
    fresh.config->check();
    fresh.restart = needing_restart(running, wanted, reader);
    for (std::size_t i = 0; i < running.settings().size(); ++i) {
        const Setting& before = running.settings()[i];
        const Setting& after = fresh.config->settings()[i];
        if (!is_same(before, after))
            fresh.changed.push_back({before.name, digest_of(before, key), digest_of(after, key)});
    }
    return fresh;
}

}
