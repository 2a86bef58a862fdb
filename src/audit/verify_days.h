// The seals of days: the line that begins each shard but the first, and the signed note of the day it is about.
#pragma once

#include "audit/flaws.h"
#include "audit/log_keys.h"
#include "ledger/day_note.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// What a shard was found to hold.
struct ShardFacts {
    std::string day;
    std::string file;
    std::uint64_t first = 0;   // seq of its first line
    std::uint64_t bytes = 0;
    std::string sha256{};      // empty: not looked at
    bool is_whole = true;      // false: its bytes are not those that were sealed, and that is known
};

/// The seal that the event of a ledger.day_sealed line holds; nothing when it has another form.
std::optional<DayNote> parse_seal(std::string_view event, const std::string& origin);

/// Compares the facts with the seal, member by member, the root excepted; notes what differs at `file`, of which the
/// seal is the first line and has the number `seq`.
void check_seal(const DayNote& seal, std::uint64_t seq, const ShardFacts& facts, const std::string& file,
                Flaws& findings);

/// Compares days/D.note with the seal; gives the keys that signed it, none where it does not hold.
std::vector<std::string> check_day_note(const std::string& root, const DayNote& seal, const LogKeys& keys, Flaws& findings);

}
