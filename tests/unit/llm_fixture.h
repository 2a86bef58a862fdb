// What the tests of providers share: a target, one call to it, and Providers whose time and chance are the test's.
#pragma once

#include "llm/attempt.h"
#include "llm/protocol.h"
#include "llm/providers.h"
#include "tests/unit/run_on.h"
#include "tests/unit/scripted_server.h"
#include "tests/unit/test.h"

namespace forge::test {

inline Target target(ProviderKind kind, const std::string& url, const std::string& name = "one")
{
    return {.name = name, .kind = kind, .url = url, .model = "small", .key = std::make_shared<const Secret>("sk-planted")};
}

/// One call on a loop of its own.
inline Completion ask_once(const Target& whom, const Prompt& prompt)
{
    Loop loop;
    HttpClient http{loop};
    Pool compute{loop, "compute", 1, 16};
    return run_on(loop, ask({loop, http, compute}, whom, prompt, whom.deadlines.total));
}

/// What comes of this script.
inline Completion answered_with(ProviderKind kind, const Script& script, const Prompt& prompt = {.system = "", .user = "say a"},
                                HttpDeadlines deadlines = {})
{
    ScriptedServer server{[&](const Received&) { return script; }};
    Target whom = target(kind, server.url("/base"));
    whom.deadlines = deadlines;
    return ask_once(whom, prompt);
}

/// The request that is sent for a prompt.
inline Received sent_for(ProviderKind kind, const Prompt& prompt)
{
    ScriptedServer server{[](const Received&) { return answer(200, "{}"); }};
    static_cast<void>(ask_once(target(kind, server.url("/base")), prompt));
    return server.received().at(0);
}

inline Prompt streaming(std::string& tokens)
{
    Prompt prompt{.system = "", .user = "say a"};
    prompt.on_token = [&tokens](std::string_view text) { tokens += std::string{text} + "|"; };
    return prompt;
}

/// An answer without an end that is told beforehand, as streams are; the connection is closed after the last step.
inline Script stream(const std::vector<Step>& steps, const std::string& more_headers = "")
{
    Script script{.steps = {{Millis{0}, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n" + more_headers + "\r\n"}},
                  .keep = false};
    script.steps.insert(script.steps.end(), steps.begin(), steps.end());
    return script;
}

inline std::string event(const std::string& data)
{
    return "data: " + data + "\n\n";
}

/// A chat completion in OpenAI's form.
inline std::string chat(const std::string& content)
{
    const Json message = Json::object({{"role", "assistant"}, {"content", content}});
    const Json choice = Json::object({{"message", message}, {"finish_reason", "stop"}});
    const Json usage = Json::object({{"prompt_tokens", 10}, {"completion_tokens", 2}});
    return dump(Json::object({{"id", "chatcmpl-1"}, {"choices", Json::array({choice})}, {"usage", usage}}));
}

/// Providers that wait in no time: `slept` has how long they would have.
class ProvidersFixture {
public:
    explicit ProvidersFixture(BreakerLimits limits = {}) : breakers(folder / "breakers", limits) {}

    /// They are asked in this order.
    Completion complete(std::vector<Target> all, Prompt prompt = {.system = "", .user = "say a"})
    {
        auto targets = std::make_shared<Targets>();
        targets->all = std::move(all);
        for (std::size_t i = 0; i < targets->all.size(); ++i)
            targets->all[i].order = static_cast<long>(i) + 1;
        targets->total = total;
        return run_on(loop, providers.complete(targets, std::move(prompt), calls));
    }
    /// "one refused, two ok"
    std::string called() const
    {
        std::string text;
        for (const ProviderCall& call : calls)
            text += (text.empty() ? "" : ", ") + call.provider + " " + std::string{name_of(call.status)};
        return text;
    }

    ScratchFolder folder;
    Loop loop;
    HttpClient http{loop};
    Pool compute{loop, "compute", 1, 16};
    Metrics metrics{folder.path(), "worker.1"};
    Breakers breakers;
    SteadyTime now{std::chrono::hours{1}};
    double chance = 0.5;
    Millis total{300'000};
    std::vector<Millis> slept;
    std::vector<ProviderCall> calls;
    Providers providers{{loop, http, compute, breakers, metrics},
                        {.now = [this] { return now; },
                         .chance = [this] { return chance; },
                         .sleep = [this](Loop&, SteadyTime when) { return sleep(when); }}};

private:
    Task<void> sleep(SteadyTime when)
    {
        slept.push_back(std::chrono::duration_cast<Millis>(when - now));
        now = when;
        co_return;
    }
};

}
