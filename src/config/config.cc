// What settings demand of each other.
#include "config/config.h"

#include <algorithm>

#include "os/file.h"

namespace forge {

Config::Config(SettingsSource source, unsigned reader) : Settings(std::move(source), reader)
{
    if (is_production() && dev_signer)
        refuse("AUTH_DEV_SIGNER=1: not in production (FORGE_ENV=development allows it)");
    if (!issuer.empty() && audience.empty())
        refuse("OIDC_AUDIENCE: must be set when OIDC_ISSUER is");
    if (dev_signer && issuer.empty())
        refuse("AUTH_DEV_SIGNER=1: needs OIDC_ISSUER and OIDC_AUDIENCE, which its tokens name");
    if (ai_mode == AiMode::live && model.empty() && !exists(providers_path))
        refuse("MODEL: must be set when AI_CORE_MODE=live and there is no file FORGE_PROVIDERS_PATH");
    if (!ollama_host.empty() && !is_http_url(ollama_host) && !is_http_url("http://" + ollama_host))
        refuse("OLLAMA_HOST: must be a URL, or a host with or without a port");
    if (is_production())
        refuse_exposed_secrets();
    forget_source();
}

bool Config::is_given(std::string_view name) const
{
    const auto setting = std::ranges::find(settings(), name, &Setting::name);
    return setting != settings().end() && setting->from != "default";
}

std::vector<std::string> Config::unsafe() const
{
    std::vector<std::string> names;
    if (is_production() && dev_bypass)
        names.emplace_back("AUTH_DEV_BYPASS");
    const auto travels_in_clear = [](const Secret& key, const std::string& url) {
        return !key.empty() && url.starts_with("http://") && !is_loopback_url(url);
    };
    if (is_production() && travels_in_clear(openai_key, openai_url))
        names.emplace_back("OPENAI_BASE_URL");
    if (is_production() && travels_in_clear(anthropic_key, anthropic_url))
        names.emplace_back("ANTHROPIC_BASE_URL");
    return names;
}

}
