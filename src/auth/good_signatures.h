// Signatures that were found good once, so that a token that comes with each request is not verified with each.
#pragma once

#include <array>
#include <vector>

#include "base/guarded.h"
#include "lib/crypto.h"

namespace forge {

/// A bounded set of digests; each is of a key, an algorithm, a message and a signature, and whether these fit together never
/// changes.  Nothing else about a token is remembered.  Any thread.
class GoodSignatures {
public:
    GoodSignatures() : groups_(std::vector<Group>(groups)) {}

    bool has(const Hash& digest) const;
    /// Takes the place of the oldest of its group when that is full.
    void add(const Hash& digest);

private:
    static constexpr std::size_t groups = 2048;   // 256 KiB
    using Group = std::array<Hash, 4>;            // the newest first; zeros where there is none: no digest is all zeros

    static std::size_t group_of(const Hash& digest) { return (digest[0] | std::size_t{digest[1]} << 8U) % groups; }

    mutable Guarded<std::vector<Group>> groups_;
};

}
