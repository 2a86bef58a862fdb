// Who was refused for want of a token or a right, counted by windows of time in memory that all workers share: a storm of
// refusals becomes one entry of the ledger for each caller and window, and never more than a fixed number of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "os/shared_memory.h"

namespace forge {

/// A subject whose token was accepted, or an address where no subject is known; neither: many callers together.
struct DeniedCaller {
    std::string iss{};       // empty under the development bypass
    std::string sub{};
    std::string address{};

    bool operator==(const DeniedCaller&) const = default;
};

/// What one caller was refused in one window.
struct Denied {
    std::string id;          // of its entry, the same each time it is given
    DeniedCaller caller;
    std::string reason;      // the code of the first refusal: "invalid_token"
    std::string route;       // and its route: "/v1/api/execute"
    std::uint64_t count;
    WallTime begin;          // of the window

    bool operator==(const Denied&) const = default;
};

/// A file of fixed size.  Any thread, any process; a process that dies loses at most what it was about to count.
class DeniedCounts {
public:
    static constexpr std::size_t most = 60;   // callers in a window; those beyond are counted together

    /// `window`: at least a second, the same for all who use the file.
    DeniedCounts(std::string path, Millis window);

    /// False when it is not counted: nobody took what was counted before, for long.
    bool note(const DeniedCaller& caller, std::string_view reason, std::string_view route, WallTime now = wall_now());
    /// What was counted in windows that are over, to be recorded; given again a minute later unless done() was called.
    std::vector<Denied> take(WallTime now = wall_now());
    /// It is recorded.
    void done(const std::string& id);
    Millis window() const noexcept { return window_; }

private:
    struct Slot;
    class Turn;
    std::span<Slot> slots() const;
    std::int64_t window_of(WallTime now) const;
    Slot* slot_for(const DeniedCaller& caller, std::int64_t window) const;

    const std::string path_;
    const Millis window_;
    Mapping mapping_;
    std::mutex mutex_;   // of this process; between processes a lock on the file
};

}
