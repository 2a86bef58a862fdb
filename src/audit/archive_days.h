// Moves old days into compressed files that every reader of the ledger reads.
#pragma once

#include "audit/ledger_view.h"
#include "ledger/known_tree.h"

#include <cstdint>
#include <string>
#include <vector>

namespace forge {

constexpr int archive_level = 19;

struct ArchivedDay {
    std::string day;
    std::uint64_t bytes = 0;          // of the plain file
    std::uint64_t packed_bytes = 0;
    std::string packed_sha256{};
};

/// Compresses a sealed day, reads it back, compares that with the seal, records `ledger.archived` and only then removes
/// the plain file.  Done again after a crash, it goes on where it was.  Throws Error for a day that is not sealed, or
/// whose file is not as it was sealed; LedgerRolledBack for a ledger that is older than what is known, where forge-ledgerd
/// does not run.  The archive's bytes are the same with any number of threads.
ArchivedDay archive_day(const LedgerView& ledger, const std::string& day, const std::string& socket,
                        const AskKnown& known = {}, unsigned threads = 1);

/// Sealed days with a plain file, of which `days` have passed.
std::vector<std::string> days_to_archive(const LedgerView& ledger, long days);

}
