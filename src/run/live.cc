// The live provider.
#include "run/live.h"

#include "run/judge.h"

namespace forge {

namespace {

constexpr std::size_t small_text = 4096;

Prompt first_prompt(const Prepared& prepared)
{
    const Json& model = prepared.compiled->source->model;
    Prompt prompt{.system = prepared.system, .user = prepared.user, .trace = prepared.trace};
    if (prepared.compiled->output)
        prompt.schema = prepared.compiled->output->bundled();
    if (model["temperature"].is_number())
        prompt.temperature = model["temperature"].as_number();
    if (model["max_tokens"].is_integer())
        prompt.most_tokens = model["max_tokens"].as_integer();
    return prompt;
}

/// The answer goes back as the guards left it.
Prompt repair_prompt(Prompt prompt, const Judged& judged)
{
    const Json& answer = judged.guarded.output.sent;
    prompt.user += "\n\nYour answer was:\n" + (answer.is_string() ? std::string{answer.as_text()} : dump(answer))
                   + "\n\nIt does not satisfy the JSON Schema:\n";
    for (const Issue& issue : judged.issues)
        prompt.user += "- " + (issue.path.empty() ? "the whole" : issue.path) + " " + issue.message + "\n";
    prompt.user += "Answer again with the corrected JSON only.";
    return prompt;
}

/// Takes the model's text as it comes and tells the run's feed what the guards let go out.
class GuardedTokens {
public:
    GuardedTokens(OpenRun& run, const GuardPolicy& policy) : run_(run), guard_(policy) {}

    void take(std::string_view piece)
    {
        tell(guard_.push(piece));
        if (guard_.refused_by())
            run_.interrupted.set();
    }
    void finish() { tell(guard_.finish()); }
    std::optional<GuardName> refused_by() const { return guard_.refused_by(); }
    std::vector<GuardReport> reports() const { return guard_.reports(); }

private:
    void tell(const std::string& text)
    {
        if (!text.empty())
            run_.feed.token(text);
    }

    OpenRun& run_;
    OutputStream guard_;
};

/// Leaves in the run's end what the stream's guard saw, however the stream ended.
struct StreamReport {
    GuardedTokens& tokens;
    RunEnd& end;
    ~StreamReport()
    {
        const auto seen = tokens.reports();
        end.guards.insert(end.guards.end(), seen.begin(), seen.end());
        if (const auto guard = tokens.refused_by())
            refuse(end, *guard);
    }
};

Task<Completion> ask(const Prepared& prepared, OpenRun& run, LiveParts parts, Prompt prompt, RunEnd& end)
{
    const bool is_first = end.attempts.empty();
    if (!run.is_streamed || !is_first) {
        Task<Completion> asked = parts.providers.complete(prepared.targets, std::move(prompt), end.attempts);
        Completion completion = co_await asked;
        co_return completion;
    }
    GuardedTokens tokens{run, prepared.policy};
    const StreamReport report{tokens, end};
    prompt.on_token = [&tokens](std::string_view piece) { tokens.take(piece); };
    Task<Completion> asked = parts.providers.complete(prepared.targets, std::move(prompt), end.attempts);
    Completion completion = co_await asked;
    tokens.finish();
    co_return completion;
}

/// Off the loop, unless it is sooner done than handed over.
Task<Judged> judged_text(const Prepared& prepared, LiveParts parts, std::string text)
{
    if (text.size() < small_text)
        co_return judge_text(*prepared.compiled, prepared.policy, text);
    const auto held = std::make_shared<const std::string>(std::move(text));   // not in the frame: see llm/attempt.cc
    auto work = [compiled = prepared.compiled, policy = prepared.policy, held] { return judge_text(*compiled, policy, *held); };
    Task<Judged> judging = parts.compute.run_when_free(std::move(work));   // it was paid for
    Judged judged = co_await judging;
    co_return judged;
}

void tell_attempts(OpenRun& run, const RunEnd& end, std::size_t since)
{
    for (std::size_t i = since; i < end.attempts.size(); ++i) {
        const ProviderCall& call = end.attempts[i];
        run.feed.log(call.provider + " " + call.model + ": " + std::string{name_of(call.status)}
                     + (call.problem.empty() ? "" : " (" + call.problem + ")"));
    }
}

}

Task<void> answer_live(const Prepared& prepared, OpenRun& run, LiveParts parts, RunEnd& end)
{
    Prompt prompt = first_prompt(prepared);
    for (const char* const schema : {"valid", "repaired"}) {
        const std::size_t before = end.attempts.size();
        Task<Completion> asking = ask(prepared, run, parts, std::move(prompt), end);
        const Completion completion = co_await asking;
        run.stages.ends(Stage::provider);
        tell_attempts(run, end, before);
        end.provider = completion.attempt.provider;
        end.model = completion.attempt.model;
        if (!end.refused_by.empty())
            co_return;
        if (!completion.is_ok()) {
            end.status = end.output ? "invalid" : "failed";
            co_return;
        }
        Task<Judged> judging = judged_text(prepared, parts, completion.text);
        const Judged judged = co_await judging;
        run.stages.ends(Stage::judgement);
        end.basis = "model";
        take(judged, end);
        if (!end.refused_by.empty())
            co_return;
        if (judged.issues.empty()) {
            end.schema = end.schema == "none" ? "none" : schema;
            co_return;
        }
        run.feed.log("the answer does not satisfy the schema");
        prompt = repair_prompt(first_prompt(prepared), judged);
    }
}

}
