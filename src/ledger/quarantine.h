// What recovery takes out of a file, kept beside a report: quarantine/UTC-REASON/.
#pragma once

#include "ledger/env.h"
#include "ledger/io.h"

#include <cstdint>
#include <string>

namespace forge {

/// Bytes that were taken out of a file, and why.
struct Removed {
    std::string file;       // below the ledger's root
    std::uint64_t offset;
    std::string kind;       // "torn-tail": goes into the folder's name
    std::string reason;
};

/// Saves them durably; gives the folder, below the root.
std::string quarantine(Io& io, Env& env, const std::string& root, const Removed& removed, std::string_view bytes);

}
