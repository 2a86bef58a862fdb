// Receipts (c2sp.org/tlog-proof): a checkpoint and the path to it from an entry, to be checked without the log.
#pragma once

#include "tlog/merkle.h"
#include "tlog/policy.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forge {

struct TlogProof {
    std::optional<std::string> extra{};   // bytes; in ours the entry itself.  Believe it only when its leaf hash fits
    std::uint64_t index = 0;
    Hashes path{};
    std::string checkpoint{};             // the whole note

    std::string text() const;
    /// Throws Error saying what is not as the specification has it, the form of the checkpoint included.
    static TlogProof parse(std::string_view text);
    /// That the entry with this leaf hash is under the checkpoint's root; says nothing of signatures.
    bool proves(const Hash& leaf) const;
};

}
