// What an output is worth.
#include "run/judge.h"

#include "schema/extract.h"

namespace forge {

Judged judge(const CompiledTemplate& compiled, const GuardPolicy& policy, Json output)
{
    Judged judged{guard_output(policy, output), compiled.output.has_value(), {}};
    if (compiled.output && !judged.guarded.refused_by)
        judged.issues = compiled.output->validate(judged.guarded.output.sent);
    return judged;
}

Judged judge_text(const CompiledTemplate& compiled, const GuardPolicy& policy, const std::string& text)
{
    auto json = extract_json(text);
    if (json || !compiled.output)
        return judge(compiled, policy, json ? std::move(*json) : Json{text});
    return {guard_output(policy, Json{text}), true, {{"", "must be JSON", ""}}};
}

void take(const Judged& judged, RunEnd& end)
{
    const GuardedOutput& guarded = judged.guarded;
    end.guards.insert(end.guards.end(), guarded.reports.begin(), guarded.reports.end());
    if (guarded.refused_by)
        return refuse(end, *guarded.refused_by);
    end.output = guarded.output.sent;
    end.recorded_output = guarded.output.recorded;
    end.schema = !judged.has_schema ? "none" : judged.issues.empty() ? "valid" : "invalid";
    end.status = judged.issues.empty() ? "ok" : "invalid";
}

void refuse(RunEnd& end, GuardName guard)
{
    end.status = "failed";
    end.refused_by = guard_name(guard);
    end.output = {};
    end.recorded_output = {};
}

}
