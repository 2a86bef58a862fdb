// What makes a ledger this ledger: its name, its number and its keys; made once, when the folder is.
#pragma once

#include "ledger/env.h"
#include "ledger/io.h"
#include "ledger/space.h"
#include "tlog/note.h"

#include <optional>
#include <string>

namespace forge {

struct Identity {
    std::string origin;
    std::string uuid;
    NoteSigner signer;
    std::string key_encryption_key;   // 32 bytes, wraps the data keys
    std::string index_key;            // 32 bytes, makes subject tags
    std::optional<SpaceSizes> sizes;  // nothing before the write-ahead log is made
};

/// Opens the ledger in `root`, or makes one named `origin` there.  Throws ConfigError when there is none and no usable
/// origin, LedgerDamaged when lines stand there but what makes them a ledger is missing.
Identity open_identity(Io& io, Env& env, const std::string& root, const std::string& origin);

/// Notes that the write-ahead log was made, and the sizes that hold from then on.
void save_sizes(Io& io, const std::string& root, const SpaceSizes& sizes);

}
