// The live provider.
#include "run/live.h"

#include "schema/extract.h"

namespace forge {

namespace {

/// What a model's text is worth: its JSON, and what the schema says of that.
struct Judged {
    Json output;
    std::vector<Issue> issues;
};

Judged judge(const CompiledTemplate& compiled, const std::string& text)
{
    auto json = extract_json(text);
    if (!compiled.output)
        return {json ? std::move(*json) : Json{text}, {}};
    if (!json)
        return {Json{text}, {{"", "must be JSON", ""}}};
    auto issues = compiled.output->validate(*json);
    return {std::move(*json), std::move(issues)};
}

Prompt first_prompt(const Prepared& run)
{
    const Json& model = run.compiled->source->model;
    Prompt prompt{.system = run.start.system, .user = run.start.user};
    if (run.compiled->output)
        prompt.schema = run.compiled->output->bundled();
    if (model["temperature"].is_number())
        prompt.temperature = model["temperature"].as_number();
    if (model["max_tokens"].is_integer())
        prompt.most_tokens = model["max_tokens"].as_integer();
    return prompt;
}

Prompt repair_prompt(Prompt prompt, const std::string& answer, const std::vector<Issue>& issues)
{
    prompt.user += "\n\nYour answer was:\n" + answer + "\n\nIt does not satisfy the JSON Schema:\n";
    for (const Issue& issue : issues)
        prompt.user += "- " + (issue.path.empty() ? "the whole" : issue.path) + " " + issue.message + "\n";
    prompt.user += "Answer again with the corrected JSON only.";
    return prompt;
}

void note(const Completion& completion, RunEnd& end, Metrics& metrics)
{
    const ProviderCall& call = completion.attempt;
    const std::string status{name_of(call.status)};
    end.attempts.push_back({call.provider, call.model, status, call.took.count(), call.request_id, call.peer});
    ++metrics.attempts(call.provider, status);
    metrics.provider_duration(call.provider).observe(call.took);
    if (!completion.usage)
        return;
    end.input_tokens += completion.usage->input_tokens;
    end.output_tokens += completion.usage->output_tokens;
    const auto count = [](long tokens) { return static_cast<std::uint64_t>(std::max(tokens, 0L)); };
    metrics.tokens(call.provider, "input") += count(completion.usage->input_tokens);
    metrics.tokens(call.provider, "output") += count(completion.usage->output_tokens);
}

}

Task<RunEnd> answer_live(const Prepared& run, LiveParts parts)
{
    RunEnd end;
    end.provider = parts.provider.name();
    end.model = parts.provider.model();
    Prompt prompt = first_prompt(run);
    for (const char* const schema : {"valid", "repaired"}) {
        Task<Completion> asked = parts.provider.complete(prompt, parts.deadlines);
        const Completion completion = co_await asked;
        note(completion, end, parts.metrics);
        if (!completion.is_ok()) {
            end.status = end.output ? "invalid" : "failed";
            co_return end;
        }
        auto work = [compiled = run.compiled, text = completion.text] { return judge(*compiled, text); };
        Task<Judged> judging = parts.compute.run(std::move(work));
        Judged judged = co_await judging;
        end.output = std::move(judged.output);
        end.basis = "model";
        end.schema = !run.compiled->output ? "none" : judged.issues.empty() ? schema : "invalid";
        end.status = judged.issues.empty() ? "ok" : "invalid";
        if (judged.issues.empty())
            co_return end;
        prompt = repair_prompt(first_prompt(run), completion.text, judged.issues);
    }
    co_return end;
}

RunEnd cancelled_end(const Provider& provider, SteadyTime begin)
{
    RunEnd end;
    end.status = "cancelled";
    end.provider = provider.name();
    end.model = provider.model();
    end.attempts.push_back({provider.name(), provider.model(), "cancelled",
                            std::chrono::duration_cast<Millis>(steady_now() - begin).count(), "", ""});
    return end;
}

}
