// Steps as people or programs read them.
#include "lib/steps.h"

#include <algorithm>
#include <ostream>

namespace forge {

bool all_well(std::span<const CheckedStep> steps)
{
    return std::ranges::all_of(steps, &CheckedStep::ok);
}

void print_step(std::ostream& out, const CheckedStep& step)
{
    out << (step.ok ? "ok      " : "not ok  ") << step.name << ": " << step.found << std::endl;
    if (!step.ok)
        out << "        next: " << step.remedy << std::endl;
}

Json json_of(std::span<const CheckedStep> steps)
{
    Json list = Json::array();
    for (const CheckedStep& step : steps) {
        Json json = Json::object({{"step", step.name}, {"ok", step.ok}, {step.ok ? "found" : "problem", step.found}});
        if (!step.ok)
            json.set("remedy", step.remedy);
        list.append(json);
    }
    return Json::object({{"ok", all_well(steps)}, {"steps", list}});
}

}
