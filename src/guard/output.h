// The guards after a run: its output as a value, and as a stream while it is made.
#pragma once

#include "guard/input.h"
#include "guard/policy.h"
#include "guard/report.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// Longer ones are not scanned: the guard is "not_run".
constexpr std::size_t guard_output_limit = 64 << 20;

struct GuardedOutput {
    GuardedJson output;
    std::vector<GuardReport> reports;        // one for each output guard of the policy
    std::optional<GuardName> refused_by;     // then `output.sent` must not go out
};

/// Looks at a whole output, a text or any other value, as InputGuards::arguments does.  Any thread.
GuardedOutput guard_output(const GuardPolicy& policy, const Json& output, const FinderSource& finder = guard_finder);

/// The most bytes that a stream holds back: what the longest rule (a private key) may span, and what stands before it.
constexpr std::size_t guard_stream_window = 20 << 10;

/// A text that comes in pieces and goes out as soon as no rule can match it any more: most pieces at once, at the latest
/// when guard_stream_window bytes more have come.  For every way of cutting the text, what goes out is the same:
/// redact: the text as guard_output would give it; observe: the text; refuse: at most the text before the first finding.
/// Pieces may be cut anywhere, within a character too; what goes out is whole characters (of valid UTF-8).
/// Time is linear in the text, memory bounded.  One thread at a time.
///
///     OutputStream stream{policy};
///     for each piece: if (const std::string text = stream.push(piece); !text.empty()) send(text);
///                     if (stream.refused_by()) stop the provider
///     send(stream.finish());
class OutputStream {
public:
    explicit OutputStream(const GuardPolicy& policy, const FinderSource& finder = guard_finder);
    ~OutputStream();
    OutputStream(OutputStream&&) noexcept;
    OutputStream& operator=(OutputStream&&) noexcept;

    /// What may go out now: none, a part of this piece, or earlier text too.  After a refusal nothing.
    std::string push(std::string_view piece);
    /// The rest.  Nothing may be pushed after it.
    std::string finish();

    /// The guard that ended the stream.  It never throws for what a text holds: a guard that failed is one that refuses.
    std::optional<GuardName> refused_by() const;
    /// One for each output guard of the policy, over the text so far; after a cut stream scanned_bytes says how far.
    std::vector<GuardReport> reports() const;
    /// Bytes that came and did not go out yet.
    std::size_t held_bytes() const;

private:
    class Chain;
    std::unique_ptr<Chain> chain_;
};

}
