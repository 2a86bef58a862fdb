// Uploaded evidence, kept for a day under the state folder.
#pragma once

#include "analyze/evidence.h"
#include "base/clock.h"
#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace forge {

struct EvidenceLimits {
    std::uint64_t packed_bytes = 64 << 20;           // of the upload
    std::size_t members = 10'000;                    // folders and what is skipped count too
    std::uint64_t expanded_bytes = 512 << 20;        // of all files
    std::uint64_t ratio = 200;                       // expanded to packed, once `ratio_free_bytes` are passed
    std::uint64_t ratio_free_bytes = 16 << 20;
    std::uint64_t store_bytes = 8ull << 30;          // of all uploads kept
    Millis patience{30'000};                         // for unpacking
    std::chrono::hours kept{24};
};

/// An upload that is not taken.
struct EvidenceRefused : Error {
    enum class Reason { too_large, broken, empty, store_full };

    EvidenceRefused(Reason reason_, const std::string& message) : Error(message), reason(reason_) {}
    Reason reason;
};

struct StoredEvidence {
    std::string handle;      // "evidence:" and 32 hex digits that nobody can guess
    std::string digest;      // tree_digest of its files
    std::size_t files = 0;
    WallTime expires;
    Skips skips;             // links, devices, paths that leave the folder, …
};

/// Each upload is a folder named by its id: "content" (all files one after the other) and "manifest.json" (owner as a
/// salted digest, digest, expiry, and path, offset, size and hash of each file).  No name out of an archive becomes
/// a name on disk.  Any number of threads and processes may use one folder at once.
class EvidenceStore {
public:
    /// Makes the folder when it is needed.
    explicit EvidenceStore(std::string root, EvidenceLimits limits = {});

    /// Takes an upload from the start of a regular file: tar (also gzip, bzip2, zstd) or zip, else one file under
    /// the name of `filename` ("upload" for none).  `owner` is issuer and subject.  Throws EvidenceRefused.
    StoredEvidence store(int fd, std::string_view filename, std::string_view owner, WallTime now = wall_now());

    /// The tree of a handle; null when there is none, it has expired, or it is another owner's.
    std::unique_ptr<EvidenceTree> open(std::string_view handle, std::string_view owner,
                                       WallTime now = wall_now()) const;

    /// Removes what has expired and what an interrupted upload left; returns how many.
    std::size_t remove_expired(WallTime now = wall_now());

private:
    void check_room() const;

    std::string root_;
    EvidenceLimits limits_;
};

}
