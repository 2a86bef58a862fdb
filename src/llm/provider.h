// What a run asks of a model provider, and how it ended.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/trace.h"
#include "lib/json.h"
#include "llm/price.h"

namespace forge {

struct Prompt {
    std::string system;
    std::string user;
    Json schema = {};                            // of the wanted output; absent: free text
    std::optional<double> temperature = {};
    std::optional<long> most_tokens = {};
    Trace trace = {};                            // goes on to the provider
    /// Takes the text as it comes, where the caller streams it; must not throw nor destroy the task.
    std::function<void(std::string_view)> on_token = {};
};

enum class AttemptStatus {
    ok,
    timeout,     // a deadline came first
    refused,     // not taken: no connection, 4xx, or the model declines
    error,       // taken, but failed: 5xx, cut off, not understood
    cancelled,   // by the caller
};
std::string_view name_of(AttemptStatus status);

struct Usage {
    long input_tokens = 0;
    long output_tokens = 0;
};

/// A call to a provider as it stands in the ledger: attempts[] of run.finished.
struct ProviderCall {
    std::string provider;
    std::string model;        // as the settings name it
    AttemptStatus status = AttemptStatus::error;
    Millis took{0};
    std::string request_id = {};   // the provider's; empty where it gave none
    std::string peer = {};         // "192.0.2.1:443"; empty without a connection
    std::optional<Usage> usage = {};   // what the provider says it used, also where it failed later
    std::optional<Cost> cost = {};     // of the usage, where the settings have a price
    std::string problem = {};          // empty when ok; for people, without secrets or anything the provider wrote

    /// {provider, model, status, ms, request_id?, peer?}
    Json json() const;
};

struct Completion {
    ProviderCall attempt = {};
    std::string text = {};              // complete only when the attempt is ok
    std::string finish = {};            // "stop", "length", … as the provider says; a word or empty
    bool was_asked = false;             // else every breaker was open
    int http_status = 0;                // 0: there was no answer; that of an error which came as an answer
    bool has_declined = false;          // the model or its filter will not answer this; the attempt is `refused`
    bool has_begun = false;             // text went to on_token: another provider must not be asked any more
    std::optional<Millis> retry_after = {};   // when it may be asked again, as the provider or our own breaker says

    bool is_ok() const { return attempt.status == AttemptStatus::ok; }
};

}
