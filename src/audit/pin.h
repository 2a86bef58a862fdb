// Pins: one line that says what a ledger was at a time, to be kept where nobody who can write the ledger can write.
#pragma once

#include "audit/flaws.h"
#include "ledger/public_log.h"
#include "tlog/note.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forge {

/// "<size> <root, base64> <vkey>"
struct Pin {
    std::uint64_t size = 0;
    Hash root{};
    VerifierKey key;

    std::string text() const;
    /// Throws Error for anything else; blanks and a newline at the ends are no matter.
    static Pin parse(std::string_view text);
};

/// What the folder's newest checkpoint says.  `vkey`: the key as known from outside, else keys/log.vkey of the folder.
/// Throws Error where there is none, or the key has not signed it.
Pin pin_of(const std::string& root, const std::optional<std::string>& vkey);

/// The folder as it is now, compared with a pin; nothing when it is the pinned ledger, grown or not.  Its key may be
/// another one when the ledger's lines lead to it (audit/key_chain.h).
struct PinDifference {
    FlawKind kind;
    std::string reason;
};
std::optional<PinDifference> compare_with(const Pin& pin, const std::string& root, Checkpoint& newest);

}
