// Lines by their numbers, from the shards, for those who only read: by index/off.u64.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace forge {

/// Up to `size` bytes of a day's lines, of its shard or its archive; none where there is neither.
std::string read_day(const std::string& root, const std::string& day, std::uint64_t offset, std::size_t size);

/// Lines [first, first + count) of the ledger in `root`, without LF, as their shards have them now.  Any thread.
/// Throws LineMissing (ledger/events.h) where the index does not know a line or a shard does not hold it.
std::vector<std::string> read_lines(const std::string& root, std::uint64_t first, std::uint64_t count);

}
