// Verifies a ledger as a whole, from its files alone, while its writer may go on (LEDGER.md 4.8).
#pragma once

#include "audit/flaws.h"
#include "audit/verify_line.h"
#include "base/clock.h"
#include "tlog/merkle.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace forge {

struct VerifyProgress {
    std::uint64_t bytes;         // read so far
    std::uint64_t bytes_total;   // of all shards when it began
};

struct VerifyOptions {
    std::string root;
    std::optional<std::string> vkey{};   // the key as known from outside the folder
    Thoroughness thoroughness = Thoroughness::full;
    unsigned jobs = 1;
    Millis patience{2000};               // for a checkpoint that covers every line that was seen
    std::function<void(const VerifyProgress&)> on_progress{};
};

struct VerifyReport {
    Flaws findings{};
    std::vector<std::string> warnings{};
    std::string origin{};
    std::uint64_t size = 0;              // lines covered by the checkpoint that was compared
    Hash root{};
    std::uint64_t lines = 0;
    std::uint64_t bytes = 0;
    std::uint64_t shards = 0;
    std::uint64_t seals = 0;
    std::uint64_t checkpoints = 0;       // older ones, compared as well
    std::uint64_t private_values = 0;
    std::uint64_t private_erased = 0;    // all covered by redactions, else they are findings
    std::uint64_t private_not_looked_at = 0;
};

/// Throws Error when there is no ledger, or a file cannot be read for lack of rights.
VerifyReport verify_ledger(const VerifyOptions& options);

}
