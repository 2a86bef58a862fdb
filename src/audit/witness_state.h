// What the witnesses of a ledger have cosigned, as the job that asks them leaves it in a file for its next round and for
// the start of forge-ledgerd.
#pragma once

#include "audit/witness_round.h"
#include "tlog/checkpoint.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace forge {

struct WitnessState {
    std::map<std::string, std::uint64_t> sizes{};   // by vkey: of which a right cosignature came
    std::optional<Checkpoint> cosigned{};           // the newest tree of which a right cosignature came

    /// Takes the answers of a round about a tree.  A larger cosigned tree of the same log stays.
    void take(const Checkpoint& tree, const std::vector<WitnessAnswer>& answers);

    std::string text() const;
    /// Throws Error for what is none.
    static WitnessState parse(std::string_view text);
};

/// Empty where there is no file.
WitnessState read_witness_state(const std::string& path);

}
