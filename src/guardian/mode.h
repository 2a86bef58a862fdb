// Who answers for the guardian: the agent, or the stub and why.
#pragma once

#include "base/clock.h"
#include "base/guarded.h"
#include "config/current.h"

#include <string>

namespace forge {

struct GuardianState {
    bool is_agent = false;
    std::string reason;        // "" for the agent; configured, agent_not_found or handshake_failed for the stub
    WallTime since{};          // when it became so
    std::string_view name() const { return is_agent ? "agent" : "stub"; }
    friend bool operator==(const GuardianState& a, const GuardianState& b) { return a.is_agent == b.is_agent && a.reason == b.reason; }
};

/// Looks at the settings and at the PATH; any thread.
class Guardian {
public:
    explicit Guardian(const CurrentConfig& settings);

    GuardianState state() const;
    /// Looks again; call it at least every 2 s.  True when something changed.
    bool check();

private:
    GuardianState found() const;

    const CurrentConfig& settings_;
    mutable Guarded<GuardianState> state_;
};

/// The path of an executable file of that name on $PATH (or the name itself if it has a slash); empty where there is none.
std::string program_on_path(const std::string& name);

}
