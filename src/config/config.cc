// What settings demand of each other.
#include "config/config.h"

namespace forge {

Config::Config(SettingsSource source, unsigned reader) : Settings(std::move(source), reader)
{
    if (is_production() && dev_signer)
        refuse("AUTH_DEV_SIGNER=1: not in production (FORGE_ENV=development allows it)");
    if (!issuer.empty() && audience.empty())
        refuse("OIDC_AUDIENCE: must be set when OIDC_ISSUER is");
    if (dev_signer && issuer.empty())
        refuse("AUTH_DEV_SIGNER=1: needs OIDC_ISSUER and OIDC_AUDIENCE, which its tokens name");
    if (ai_mode == AiMode::live && model.empty())
        refuse("MODEL: must be set when AI_CORE_MODE=live");
    if (is_production())
        refuse_exposed_secrets();
    forget_source();
}

std::vector<std::string> Config::unsafe() const
{
    std::vector<std::string> names;
    if (is_production() && dev_bypass)
        names.emplace_back("AUTH_DEV_BYPASS");
    if (is_production() && !openai_key.empty() && openai_url.starts_with("http://") && !is_loopback_url(openai_url))
        names.emplace_back("OPENAI_BASE_URL");   // the key would travel in clear
    return names;
}

}
