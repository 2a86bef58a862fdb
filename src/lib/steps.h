// A look at a system, step by step: what each found, or what fails and what to do about it, for people and programs.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "lib/json.h"

namespace forge {

struct CheckedStep {
    std::string name;
    bool ok = true;
    std::string found;    // of a failed step: the problem
    std::string remedy;   // of a failed step
};

/// Thrown by a step that fails.
struct StepFailed {
    std::string problem;
    std::string remedy;
};

bool all_well(std::span<const CheckedStep> steps);
/// "ok      name: found", or "not ok  name: problem" and the remedy below.
void print_step(std::ostream& out, const CheckedStep& step);
/// {"ok", "steps": [{"step", "ok", "found" or "problem" and "remedy"}]}
Json json_of(std::span<const CheckedStep> steps);

}
