// What the engine finds at start: the head, read from the shards and compared with what was signed (LEDGER.md 4.5).
#pragma once

#include "ledger/entry_index.h"
#include "ledger/head.h"
#include "ledger/io.h"
#include "ledger/shards.h"
#include "tlog/checkpoint.h"

#include <optional>
#include <string>

namespace forge {

/// The newest published checkpoint; nothing before the first.  Throws LedgerDamaged when the key did not sign it.
std::optional<Checkpoint> read_checkpoint(Io& io, const std::string& root, const VerifierKey& key);

/// The head of what the shards hold, the index brought to the same state, and sidecar lines that were never committed
/// cut off.  Starts from state/head where that fits, so that only the newest lines are read; else reads all.
/// Throws LedgerDamaged naming shard, line and reason.
LedgerHead recover_head(Io& io, const std::string& root, Shards& shards, EntryIndex& index,
                        const std::optional<Checkpoint>& checkpoint);

}
