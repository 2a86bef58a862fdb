// The versions of templates that runs in a ledger recorded, with the digests of their files.
#pragma once

#include "lib/json.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace forge {

/// Grows with the ledger: what was read once is not read again.
class RecordedVersions {
public:
    RecordedVersions() = default;
    /// What to_json gave; starts anew for anything else.
    explicit RecordedVersions(const Json& kept);
    Json to_json() const;

    /// Reads the run.started lines that came since.  Throws Error for a ledger without an index of events, LineMissing
    /// for lines that are not as they were recorded.
    void read(const std::string& ledger_root);

    struct Run {
        std::string digest;   // "sha256:…"
        std::string id;       // of the run's line
    };
    /// The first run of this id and version whose file had other bytes; null when there is none.
    const Run* other_than(std::string_view id, std::string_view version, std::string_view digest) const;

private:
    void take(std::string_view line);

    std::uint64_t lines_ = 0;        // read so far
    std::uint64_t last_leaf_ = 0;    // of the last of them: is it the same ledger?
    std::multimap<std::string, Run, std::less<>> versions_;   // by id@version, one for each digest
};

}
