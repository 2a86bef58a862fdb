// Idempotency-Key: the same request again is the same run, for a day.
#pragma once

#include "auth/caller.h"
#include "ledger/events.h"
#include "os/lock.h"

#include <optional>
#include <string>
#include <string_view>

namespace forge {

/// 64 hex digits each: HMAC-SHA256 of JCS([iss, sub, route, Idempotency-Key]) and of the request's body
/// (docs/LEDGER-FORMAT.md, run.started).
struct IdempotencyTags {
    std::string key;
    std::string body;
};

/// Any thread.
class Idempotency {
public:
    /// `key`: 32 bytes; `lock_path`: a file that all workers share.
    Idempotency(std::string key, Events& events, const std::string& lock_path);

    /// `value` as the client sent it.  Throws Refusal 400 for one that is empty, longer than 255 bytes, or not printable ASCII.
    IdempotencyTags tags(const Caller& caller, std::string_view route, std::string_view value, std::string_view body) const;

    /// The run of the last 24 hours that was started with this key.
    std::optional<RunLines> earlier(const IdempotencyTags& tags) const;
    /// The right to start it; nothing while another request has it.  Hold it until the run has ended; look for an
    /// earlier run once more when it is had.
    std::optional<NumberLocks::Held> claim(const IdempotencyTags& tags);

private:
    const std::string key_;
    Events& events_;
    NumberLocks locks_;
};

/// Whether that run was started with the same body.
bool has_body(const RunLines& run, const IdempotencyTags& tags);

}
