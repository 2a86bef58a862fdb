// The receipt of a day, days/YYYY-MM-DD.note: what its shard held when it was sealed, as the text of a signed note.
#pragma once

#include "tlog/checkpoint.h"

namespace forge {

/// <origin>/day, the day, "<first> <last>", "<size> <root>", "<sha256> <bytes>": one line each.
struct DayNote {
    std::string origin;
    std::string day;             // "2026-11-23"
    std::uint64_t first = 0;     // seq of the shard's first line
    std::uint64_t last = 0;
    std::uint64_t size = 0;      // last + 1
    Hash root{};                 // of the tree of `size` leaves
    std::string sha256;          // hex, of the whole file
    std::uint64_t bytes = 0;     // of the whole file

    std::string text() const;
    /// Throws Error for anything that is not exactly the form.
    static DayNote parse(std::string_view text);
    /// A whole note that `key` signed in the name of the origin; else throws Error.
    static DayNote open(std::string_view note, const VerifierKey& key);

    bool operator==(const DayNote&) const = default;
};

}
