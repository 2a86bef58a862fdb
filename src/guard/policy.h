// Which guards a template asks for, and what they do about what they find.
#pragma once

#include "lib/json.h"
#include "scan/personal.h"

#include <array>
#include <bitset>
#include <cstddef>
#include <string_view>

namespace forge {

/// In the order in which they look at a text.
enum class GuardName { secrets, personal_data, injection };
constexpr std::array<std::string_view, 3> guard_names{"secrets", "personal_data", "injection"};

enum class GuardMode {
    observe,   // what is found is counted, and goes on
    redact,    // secrets and personal data are replaced by "[redacted:RULE]"; marks of injection are counted
    refuse,    // the first finding ends the run
};
constexpr std::array<std::string_view, 3> guard_modes{"observe", "redact", "refuse"};

constexpr std::string_view guard_name(GuardName name) noexcept { return guard_names[static_cast<std::size_t>(name)]; }
constexpr std::string_view guard_mode(GuardMode mode) noexcept { return guard_modes[static_cast<std::size_t>(mode)]; }

using GuardSet = std::bitset<guard_names.size()>;

constexpr bool has(const GuardSet& guards, GuardName name) { return guards[static_cast<std::size_t>(name)]; }

/// What stands here is what a template without "guards" gets: secrets on both sides, redacted.
struct GuardPolicy {
    GuardSet input{1};
    GuardSet output{1};
    GuardMode mode = GuardMode::redact;
    PersonalKinds personal = all_personal_kinds;   // what personal_data looks for

    friend bool operator==(const GuardPolicy&, const GuardPolicy&) = default;
};

/// A template's "guards": {"input": [NAME…], "output": [NAME…], "mode": MODE, "personal": [KIND…]}, each of them
/// optional; an empty list is none.  Strict: throws Error "/guards/input/1: no guard \"secret\"; there are secrets, …"
/// for an unknown member, name, mode or kind, one that is listed twice, and what has another type.
GuardPolicy guard_policy(const Json& guards);

}
