// What the engine finds at start: the head, read from the shards and compared with what was signed.
#pragma once

#include "ledger/replay.h"

#include <optional>
#include <string>
#include <vector>

namespace forge {

/// The newest published checkpoint; nothing before the first.  Throws LedgerDamaged when the key did not sign it.
std::optional<Checkpoint> read_checkpoint(Io& io, const std::string& root, const VerifierKey& key);

struct Recovered {
    LedgerHead head{};
    std::vector<Hash> leaves{};                // of the last lines, those behind the checkpoint; or none
    std::vector<Removed> foreign{};            // what somebody else wrote, now in quarantine
    std::optional<std::uint64_t> lost{};       // the first line that was given up
};

/// The head of what the shards and the write-ahead log hold, shards, sidecars and index brought to the same state.  Starts
/// from state/head where that fits, so that only the newest lines are read; else reads all.  What it throws: Replay::run.
Recovered recover_head(const ReplaySource& source);

/// Leaves of a crash, and folders that a crash kept from being durable.
void tidy_folders(Io& io, const std::string& root);

/// A failure of a sync is noted in state/FAILED, if that can be.
void note_failure(Io& io, const std::string& root, const std::string& what) noexcept;
/// After a noted failure every file that may have been concerned is read from the disk itself and written to a new inode;
/// what is derived is removed.  Does nothing without the note.
void mend_failure(Io& io, const std::string& root);

}
