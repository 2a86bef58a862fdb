// What a log and a witness say to one another (c2sp.org/tlog-witness): add-checkpoint.
#pragma once

#include "tlog/merkle.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forge {

constexpr std::size_t witness_proof_limit = 63;

/// The body of POST <submission prefix>/add-checkpoint.
struct AddCheckpoint {
    std::uint64_t old_size = 0;
    Hashes proof{};              // of consistency from old_size
    std::string checkpoint{};    // the whole note

    std::string text() const;
    /// Throws Error saying what is not as the specification has it; of the checkpoint its form only.
    static AddCheckpoint parse(std::string_view text);
};

/// The size in the body of a 409: digits and a newline; nothing for anything else.
std::optional<std::uint64_t> parse_witness_size(std::string_view body);

}
