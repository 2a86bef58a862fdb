// The models that may be asked, and in what order: what providers.yaml or the environment says.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"
#include "lib/http_client.h"
#include "llm/price.h"

namespace forge {

enum class ProviderKind { openai, openrouter, ollama, ollama_openai, anthropic, compatible };

/// A model at a provider.
struct Target {
    std::string name;                    // for the ledger and the metrics
    ProviderKind kind = ProviderKind::openai;
    std::string url;                     // without a slash at its end
    std::string model;
    std::shared_ptr<const Secret> key;   // empty where it wants none
    std::string region = {};
    long order = 1;                      // lower ones are asked first
    long weight = 1;                     // among those of one order: its share of being asked first
    long retries = 2;                    // further attempts at this one
    std::optional<long> most_tokens = {};   // where the prompt says nothing
    std::optional<Price> price = {};
    HttpDeadlines deadlines = {};        // total is that of one attempt; first_byte: until the first token
    std::vector<std::pair<std::string, std::string>> headers = {};   // that every request carries; no secrets
};

/// Made once, never changed, and shared: a run keeps those it began with.
struct Targets {
    std::vector<Target> all;             // by order; never empty
    Millis total{300'000};               // for all attempts of one prompt together
    std::string currency = "USD";        // of all prices
    std::string digest = {};             // "sha256:…" of the file's bytes; empty where the environment alone says it
};
using SharedTargets = std::shared_ptr<const Targets>;

/// FORGE_PROVIDERS_PATH if the file exists, else the environment alone.  They keep the config that keys are a part of.
/// Throws ConfigError with one line "file:line:column: …" for each thing that is wrong.
SharedTargets targets_of(const std::shared_ptr<const Config>& config);

}
