// The SHA-256 of the shard that is being written, kept up while there is time, so that sealing a day is quick.
#pragma once

#include "ledger/shards.h"
#include "lib/crypto.h"

#include <cstdint>
#include <string>

namespace forge {

class DayDigest {
public:
    /// Reads on, at most `limit` bytes, up to `end` of the day's shard; false when it is there.
    bool catch_up(Shards& shards, const std::string& day, std::uint64_t end, std::uint64_t limit);
    /// Hex of the first `end` bytes of the day's shard.  May be asked again.
    std::string finish(Shards& shards, const std::string& day, std::uint64_t end);

    /// How far it is in a day's shard.
    std::uint64_t offset(const std::string& day) const noexcept { return day == day_ ? offset_ : 0; }

private:
    std::string day_;
    std::uint64_t offset_ = 0;
    Sha256 hash_;
    std::string finished_;
};

}
