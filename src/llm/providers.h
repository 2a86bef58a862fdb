// Asking for a completion: targets in order, retries, breakers, deadlines.
#pragma once

#include <vector>

#include "base/task.h"
#include "llm/attempt.h"
#include "llm/breaker.h"
#include "llm/patience.h"
#include "llm/provider.h"
#include "llm/target.h"
#include "metrics/metrics.h"

namespace forge {

/// The loop's thread only.
class Providers {
public:
    struct Parts {
        Loop& loop;
        HttpClient& http;
        Pool& compute;      // for what is too large to be put together or read on the loop
        Breakers& breakers;
        Metrics& metrics;
    };
    explicit Providers(Parts parts, Surroundings surroundings = {}) : parts_(parts), surroundings_(std::move(surroundings)) {}

    /// Asks one target after the other until one answers, each as often as it may be; never again once text went to
    /// on_token.  Ends within targets->total.  Failures are results: the completion is that of the last call; where
    /// every breaker is open nobody is asked (was_asked), and it is `refused` with when to come again.
    /// `calls` takes every attempt as it ends; it must outlive the task.  Destroying the task closes the connection at
    /// once and notes the call under way as cancelled.  Each call is counted in the metrics.  Throws Overloaded.
    Task<Completion> complete(SharedTargets targets, Prompt prompt, std::vector<ProviderCall>& calls);

private:
    class Call;
    struct Asking;

    Task<Completion> ask_with_retries(const Asking& asking, const Target& target, Millis patience);
    Task<Completion> ask_once(const Asking& asking, const Target& target, Breakers::Verdict admitted_as);

    Parts parts_;
    Surroundings surroundings_;
};

/// The order in which targets are asked: by `order`, and among equals drawn by weight.  `chance` gives 0 ≤ x < 1.
std::vector<const Target*> drawn_order(const Targets& targets, const std::function<double()>& chance);

}
