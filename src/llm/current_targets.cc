// The providers in force.
#include "llm/current_targets.h"

#include <algorithm>

#include "base/text.h"
#include "lib/crypto.h"

namespace forge {

namespace {

/// Of the key in a file; of one that the settings have the settings say it.
std::string key_digest(const SharedTargets& targets, const std::string& name, const Secret& key)
{
    if (!targets || targets->digest.empty())
        return "";
    const auto at = std::ranges::find(targets->all, name, &Target::name);
    if (at == targets->all.end() || at->key->empty())
        return "";
    return "hmac-sha256:" + hex(hmac_sha256(key.reveal(), "providers\n" + name + "\n" + std::string{text_of(sha256(at->key->reveal()))}));
}

}

CurrentTargets::CurrentTargets(const std::shared_ptr<const Config>& config) : targets_(live_targets(config))
{
}

SharedTargets live_targets(const std::shared_ptr<const Config>& config)
{
    return config->ai_mode == AiMode::live ? targets_of(config) : nullptr;
}

std::vector<Change> changes(const SharedTargets& before, const SharedTargets& after, const Secret& key)
{
    std::vector<Change> changed;
    const std::string old_digest = before ? before->digest : "";
    const std::string new_digest = after ? after->digest : "";
    if (old_digest != new_digest)
        changed.push_back({"providers", old_digest, new_digest});
    std::vector<std::string> names;
    for (const SharedTargets& targets : {before, after})
        for (const Target& target : targets ? targets->all : std::vector<Target>{})
            if (std::ranges::count(names, target.name) == 0)
                names.push_back(target.name);
    for (const std::string& name : names) {
        Change change{"providers." + name, key_digest(before, name, key), key_digest(after, name, key)};
        if (change.before != change.after)
            changed.push_back(std::move(change));
    }
    return changed;
}

}
