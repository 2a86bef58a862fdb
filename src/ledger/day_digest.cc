// The SHA-256 of the shard that is being written.
#include "ledger/day_digest.h"

#include <algorithm>

#include "ledger/refusal.h"

namespace forge {

bool DayDigest::catch_up(Shards& shards, const std::string& day, std::uint64_t end, std::uint64_t limit)
{
    if (day != day_) {
        day_ = day;
        offset_ = 0;
        hash_ = Sha256{};
        finished_.clear();
    }
    constexpr std::uint64_t block = 1U << 20;
    const std::uint64_t stop = std::min(end, offset_ + limit);
    while (offset_ < stop) {
        const std::string bytes = shards.read_lines(day, offset_, static_cast<std::size_t>(std::min(block, stop - offset_)));
        if (bytes.empty())
            throw LedgerDamaged("events-" + day + ".jsonl: shorter than it was");
        hash_.update(bytes);
        offset_ += bytes.size();
    }
    return offset_ < end;
}

std::string DayDigest::finish(Shards& shards, const std::string& day, std::uint64_t end)
{
    if (day != day_ || finished_.empty()) {
        catch_up(shards, day, end, end);
        finished_ = hex(hash_.finish());
    }
    return finished_;
}

}
