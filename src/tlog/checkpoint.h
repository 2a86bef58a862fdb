// Checkpoints (c2sp.org/tlog-checkpoint): a log's name, size and root, as the text of a signed note.
#pragma once

#include "tlog/note.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace forge {

struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Hash root{};
    std::string extension{};   // further lines, each with its newline; ours have none

    std::string text() const;
    /// The text of a note.  Throws Error for anything that is not exactly the form.
    static Checkpoint parse(std::string_view text);
    /// A whole note that `key` signed, whose name is the origin's; else throws Error.
    static Checkpoint open(std::string_view note, const VerifierKey& key);

    bool operator==(const Checkpoint&) const = default;
};

/// A root or a leaf hash as base64 of 32 bytes; throws Error for any other text.
Hash parse_hash(std::string_view base64_text);

/// A decimal number without sign and leading zeros; throws Error for any other text.
std::uint64_t parse_size(std::string_view text);

}
