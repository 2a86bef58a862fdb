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

/// What the calls come to.
void note(const std::vector<ProviderCall>& calls, RunEnd& end)
{
    end.attempts.clear();
    end.input_tokens = 0;
    end.output_tokens = 0;
    for (const ProviderCall& call : calls) {
        end.attempts.push_back({call.provider, call.model, std::string{name_of(call.status)}, call.took.count(), call.request_id, call.peer});
        end.provider = call.provider;
        end.model = call.model;
        end.input_tokens += call.usage ? call.usage->input_tokens : 0;
        end.output_tokens += call.usage ? call.usage->output_tokens : 0;
    }
}

}

Task<RunEnd> answer_live(const Prepared& run, LiveParts parts)
{
    RunEnd end;
    Prompt prompt = first_prompt(run);
    for (const char* const schema : {"valid", "repaired"}) {
        Task<Completion> asked = parts.providers.complete(run.targets, prompt, parts.calls);
        const Completion completion = co_await asked;
        note(parts.calls, end);
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

RunEnd cancelled_end(const std::vector<ProviderCall>& calls)
{
    RunEnd end;
    end.status = "cancelled";
    note(calls, end);
    return end;
}

}
