// What a run asks of a model provider, and how it ended.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/task.h"
#include "lib/http_client.h"
#include "lib/json.h"

namespace forge {

struct Prompt {
    std::string system;
    std::string user;
    Json schema = {};                            // of the wanted output; absent: free text
    std::optional<double> temperature = {};
    std::optional<long> most_tokens = {};
    /// Takes the text as it comes, where the caller streams it; must not throw nor destroy the task.
    std::function<void(std::string_view)> on_token = {};
};

enum class AttemptStatus {
    ok,
    timeout,     // a deadline came first
    refused,     // not taken: no connection, 4xx
    error,       // taken, but failed: 5xx, cut off, not understood
    cancelled,   // by the caller
};
std::string_view name_of(AttemptStatus status);

/// A call to a provider as it stands in the ledger: attempts[] of run.finished.
struct ProviderCall {
    std::string provider;
    std::string model;
    AttemptStatus status = AttemptStatus::error;
    Millis took{0};
    std::string request_id;   // the provider's; empty where it gave none
    std::string peer;         // empty without a connection

    /// {provider, model, status, ms, request_id?, peer?}
    Json json() const;
};

struct Usage {
    long input_tokens = 0;
    long output_tokens = 0;
};

struct Completion {
    ProviderCall attempt;
    std::string text;                   // complete only when the attempt is ok
    std::optional<Usage> usage = {};
    std::string finish = {};            // "stop", "length", … as the provider says
    std::string problem = {};           // empty when ok; for people, without secrets or anything the provider wrote
    std::optional<Millis> retry_after = {};
    bool has_begun = false;             // text came: another provider must not be asked any more

    bool is_ok() const { return attempt.status == AttemptStatus::ok; }
};

/// The loop's thread only.
class Provider {
public:
    Provider() = default;
    Provider(const Provider&) = delete;
    Provider& operator=(const Provider&) = delete;
    virtual ~Provider() = default;

    virtual const std::string& name() const = 0;
    virtual const std::string& model() const = 0;
    /// One attempt, which always ends within the deadlines.  Failures are results; destroying the task cancels it.
    virtual Task<Completion> complete(Prompt prompt, HttpDeadlines deadlines) = 0;
};

}
