// The models that may be asked: from the file, or from the environment alone.
#include "llm/target.h"

#include "base/error.h"
#include "llm/protocol.h"
#include "llm/provider_file.h"
#include "os/file.h"

namespace forge {

namespace {

std::string without_slash(std::string url)
{
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

/// OLLAMA_HOST as Ollama itself takes it: the scheme and the port may be missing.
std::string ollama_url(const std::string& host)
{
    if (host.find("://") != host.npos)
        return without_slash(host);
    const auto colon = host.rfind(':');
    const bool has_port = colon != host.npos && (!host.starts_with('[') || host[colon - 1] == ']');
    return "http://" + host + (has_port ? "" : ":11434");
}

/// One that the environment names: is it set, and what does it add.
struct Named {
    bool is_set;
    Target target;
};

std::vector<Named> named_by(const std::shared_ptr<const Config>& config)
{
    const bool is_openai = config->openai_url == openai_standard_url;
    const auto kind = is_openai ? ProviderKind::openai : ProviderKind::compatible;
    const auto key = [&](const Secret& secret) { return std::shared_ptr<const Secret>{config, &secret}; };
    return {
        {!config->openai_key.empty() || !is_openai,
         {.name = "openai", .kind = kind, .url = config->openai_url, .model = "", .key = key(config->openai_key)}},
        {!config->openrouter_key.empty(),
         {.name = "openrouter", .kind = ProviderKind::openrouter,
          .url = std::string{protocol_of(ProviderKind::openrouter).standard_url}, .model = config->openrouter_model,
          .key = key(config->openrouter_key)}},
        {!config->anthropic_key.empty() || config->is_given("ANTHROPIC_BASE_URL"),
         {.name = "anthropic", .kind = ProviderKind::anthropic, .url = config->anthropic_url,
          .model = config->anthropic_model, .key = key(config->anthropic_key)}},
        {!config->ollama_host.empty(),
         {.name = "ollama", .kind = ProviderKind::ollama, .url = ollama_url(config->ollama_host),
          .model = config->ollama_model, .key = std::make_shared<const Secret>()}},
    };
}

Targets from_environment(const std::shared_ptr<const Config>& config)
{
    Targets targets;
    for (auto& [is_set, target] : named_by(config)) {
        if (is_set && target.model.empty() && targets.all.empty())
            target.model = config->model;
        if (!is_set || target.model.empty())
            continue;
        target.url = without_slash(target.url);
        target.order = static_cast<long>(targets.all.size()) + 1;
        target.retries = config->provider_retries;
        target.deadlines = provider_deadlines(*config);
        target.headers = standard_headers(*config, target.kind);
        targets.all.push_back(std::move(target));
    }
    if (targets.all.empty())
        throw ConfigError("AI_CORE_MODE=live: there is no provider: set OPENAI_API_KEY, OPENAI_BASE_URL, OPENROUTER_API_KEY, "
                          "ANTHROPIC_API_KEY or OLLAMA_HOST, or write the file " + config->providers_path);
    targets.total = config->total_deadline;
    return targets;
}

}

HttpDeadlines provider_deadlines(const Config& config)
{
    return {.connect = config.connect_deadline,
            .first_byte = config.first_token_deadline,
            .idle = config.idle_deadline,
            .total = config.total_deadline};
}

std::shared_ptr<const Secret> standard_key(const std::shared_ptr<const Config>& config, ProviderKind kind)
{
    switch (kind) {
    case ProviderKind::openai:
        if (config->openai_url == openai_standard_url)
            return {config, &config->openai_key};
        break;
    case ProviderKind::openrouter: return {config, &config->openrouter_key};
    case ProviderKind::anthropic:
        if (!config->is_given("ANTHROPIC_BASE_URL"))
            return {config, &config->anthropic_key};
        break;
    default: break;
    }
    return std::make_shared<const Secret>();
}

std::vector<std::pair<std::string, std::string>> standard_headers(const Config& config, ProviderKind kind)
{
    std::vector<std::pair<std::string, std::string>> headers;
    if (kind != ProviderKind::openrouter)
        return headers;
    if (!config.openrouter_referer.empty())
        headers.emplace_back("http-referer", config.openrouter_referer);
    if (!config.openrouter_title.empty())
        headers.emplace_back("x-title", config.openrouter_title);
    return headers;
}

SharedTargets targets_of(const std::shared_ptr<const Config>& config)
{
    const std::string& path = config->providers_path;
    if (!exists(path) && !config->is_given("FORGE_PROVIDERS_PATH"))
        return std::make_shared<const Targets>(from_environment(config));
    std::string text;
    try {
        text = read_file(path, largest_providers_file);
    } catch (const Error& error) {
        throw ConfigError(std::string{"FORGE_PROVIDERS_PATH: "} + error.what());
    }
    return std::make_shared<const Targets>(parse_providers(text, path, config));
}

}
