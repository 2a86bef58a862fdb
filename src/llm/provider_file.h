// The file of providers, providers.yaml (config/providers.yaml is an example with every key explained).
#pragma once

#include "llm/target.h"

namespace forge {

/// Keys in files are read too.  Throws ConfigError with one line "name:line:column: …" for each thing that is wrong.
Targets parse_providers(std::string_view text, const std::string& name, const std::shared_ptr<const Config>& config);

constexpr std::size_t most_providers = 32;   // as many as have a label in the metrics
constexpr std::size_t largest_providers_file = 256 * 1024;

/// "5 s" and so on from the settings.
HttpDeadlines provider_deadlines(const Config& config);
/// The key that the settings have for this kind at its standard address; else an empty one.
std::shared_ptr<const Secret> standard_key(const std::shared_ptr<const Config>& config, ProviderKind kind);
/// What OpenRouter wants to know of who asks.
std::vector<std::pair<std::string, std::string>> standard_headers(const Config& config, ProviderKind kind);

}
