// What a line of the ledger must be by itself: checked in blocks, so that several threads can.
#pragma once

#include "tlog/merkle.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// What the checks of the order need of a line.
struct CheckedLine {
    std::string_view fault;        // a literal; empty for a good line
    std::size_t fault_at = 0;      // its byte in the line, where that says something
    std::uint32_t offset = 0;      // in the block
    std::uint32_t length = 0;      // without LF
    std::uint64_t seq = 0;
    std::uint64_t time = 0;        // microseconds of the day
    std::uint64_t id_hash = 0;
    Hash leaf{};
    Hash prev{};
    std::string_view id;           // these look into the block
    std::string_view type;
    std::string_view event;
    std::string_view priv;
    bool is_parsed = false;        // seq and prev could be read
    bool is_tombstone = false;     // {"leaf":…,"redacted":true,"seq":…}: `leaf` is what it says, nothing else is known

    bool is_own() const { return type.starts_with("ledger."); }   // made by forge-ledgerd itself
};

enum class Thoroughness { quick, full };   // quick: leaf hash, seq and prev only

/// The lines of a block, each ending with LF; `day` is the shard's.
std::vector<CheckedLine> check_lines(std::string_view block, std::string_view day, Thoroughness thoroughness);

}
