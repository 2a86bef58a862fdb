// What an output is worth: the guards' and the schema's word on it.
#pragma once

#include "guard/output.h"
#include "run/compiled.h"
#include "run/record.h"
#include "schema/json_schema.h"

#include <string>
#include <vector>

namespace forge {

struct Judged {
    GuardedOutput guarded;
    bool has_schema = false;
    std::vector<Issue> issues;   // what the schema says of the guarded output
};

/// Any thread; what takes long with a large output.  The guards come first: it is what they leave that is answered.
Judged judge(const CompiledTemplate& compiled, const GuardPolicy& policy, Json output);
/// The same with a model's text, in which the JSON is looked for.
Judged judge_text(const CompiledTemplate& compiled, const GuardPolicy& policy, const std::string& text);

/// Puts the judgement into the run's end: output, schema ("valid", "invalid", "none"), guards and status.
void take(const Judged& judged, RunEnd& end);

/// The end of a run that a guard refuses: failed, without an output.
void refuse(RunEnd& end, GuardName guard);

}
