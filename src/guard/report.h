// What a guard saw and did: the entries "guards" of a run's finish line (LEDGER, 4.16), with its coverage.
#pragma once

#include "guard/policy.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace forge {

enum class GuardStage { input, output };
enum class GuardVerdict { clean, found, not_run };      // the worse, the later
enum class GuardAction { none, redacted, refused };

std::string_view guard_stage_name(GuardStage stage);
std::string_view guard_verdict_name(GuardVerdict verdict);
std::string_view guard_action_name(GuardAction action);

/// Bytes are those of the texts as they came in: released ones went on as they were, so that what was withheld or
/// replaced is scanned - released.  More released than scanned is text that went on unseen: only a guard that was not
/// run, in the mode observe, lets that be.
struct GuardReport {
    GuardName name{};
    GuardStage stage{};
    GuardVerdict verdict = GuardVerdict::clean;
    GuardAction action = GuardAction::none;
    std::size_t scanned_bytes = 0;
    std::size_t released_bytes = 0;
    std::size_t findings = 0;   // not part of the record

    friend bool operator==(const GuardReport&, const GuardReport&) = default;
};

/// One for each guard and stage, in the order of their first mention: bytes and findings added, the worst verdict and
/// action kept.  For a run whose output went out as a stream and as a value.
std::vector<GuardReport> combined(const std::vector<GuardReport>& reports);

/// The guard that refused, if one did.
std::optional<GuardName> refusing_guard(const std::vector<GuardReport>& reports);

/// [{name, stage, verdict, action, scanned_bytes, released_bytes}]
Json guards_json(const std::vector<GuardReport>& reports);

}
