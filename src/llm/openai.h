// Chat completions in OpenAI's form, which most model servers speak.
#pragma once

#include <memory>
#include <string>

#include "config/config.h"
#include "llm/provider.h"

namespace forge {

class OpenAiProvider : public Provider {
public:
    struct Settings {
        std::string name;    // "openai": for the ledger and the metrics
        std::string url;     // chat completions are at its /chat/completions
        std::string model;
        std::shared_ptr<const Secret> key;   // may be empty: local servers want none
    };

    /// The client must outlive the provider, the provider its tasks.
    OpenAiProvider(HttpClient& client, Settings settings) : client_(client), settings_(std::move(settings)) {}

    const std::string& name() const override { return settings_.name; }
    const std::string& model() const override { return settings_.model; }
    /// With prompt.on_token the answer is streamed, else it comes whole.
    Task<Completion> complete(Prompt prompt, HttpDeadlines deadlines) override;

private:
    HttpRequest request(const Prompt& prompt, HttpDeadlines deadlines) const;

    HttpClient& client_;
    const Settings settings_;
};

/// OPENAI_BASE_URL, OPENAI_API_KEY and MODEL; they keep the config that the key is a part of.
OpenAiProvider::Settings openai_settings(const std::shared_ptr<const Config>& config);
/// FORGE_PROVIDER_CONNECT and so on.
HttpDeadlines provider_deadlines(const Config& config);

}
