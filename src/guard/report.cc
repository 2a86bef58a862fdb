// What a guard saw and did.
#include "guard/report.h"

#include <algorithm>
#include <array>

namespace forge {

std::string_view guard_stage_name(GuardStage stage)
{
    constexpr std::array<std::string_view, 2> names{"input", "output"};
    return names[static_cast<std::size_t>(stage)];
}

std::string_view guard_verdict_name(GuardVerdict verdict)
{
    constexpr std::array<std::string_view, 3> names{"clean", "found", "not_run"};
    return names[static_cast<std::size_t>(verdict)];
}

std::string_view guard_action_name(GuardAction action)
{
    constexpr std::array<std::string_view, 3> names{"none", "redacted", "refused"};
    return names[static_cast<std::size_t>(action)];
}

std::vector<GuardReport> combined(const std::vector<GuardReport>& reports)
{
    std::vector<GuardReport> sums;
    for (const GuardReport& report : reports) {
        const auto sum = std::ranges::find_if(sums, [&](const GuardReport& other) {
            return other.name == report.name && other.stage == report.stage;
        });
        if (sum == sums.end()) {
            sums.push_back(report);
            continue;
        }
        sum->verdict = std::max(sum->verdict, report.verdict);
        sum->action = std::max(sum->action, report.action);
        sum->scanned_bytes += report.scanned_bytes;
        sum->released_bytes += report.released_bytes;
        sum->findings += report.findings;
    }
    return sums;
}

std::optional<GuardName> refusing_guard(const std::vector<GuardReport>& reports)
{
    const auto refusal = std::ranges::find(reports, GuardAction::refused, &GuardReport::action);
    return refusal == reports.end() ? std::nullopt : std::optional{refusal->name};
}

Json guards_json(const std::vector<GuardReport>& reports)
{
    Json list = Json::array();
    for (const GuardReport& report : reports)
        list.append(Json::object({{"name", guard_name(report.name)},
                                  {"stage", guard_stage_name(report.stage)},
                                  {"verdict", guard_verdict_name(report.verdict)},
                                  {"action", guard_action_name(report.action)},
                                  {"scanned_bytes", report.scanned_bytes},
                                  {"released_bytes", report.released_bytes}}));
    return list;
}

}
