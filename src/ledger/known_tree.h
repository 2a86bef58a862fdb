// What others say that a ledger had, compared with what it has: a pin, a tree that witnesses cosigned.
#pragma once

#include "tlog/checkpoint.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace forge {

struct KnownTree {
    std::string from;            // a file, for messages
    Checkpoint tree;
    bool is_cosigned = false;    // by a witness; of another log it says nothing then, while a pin must be of this one
};

/// `root_of`: the root of the ledger's first lines.  True when a cosigned tree was among them.  Throws LedgerRolledBack with
/// what an operator can do when the ledger is older than one of them, or another; where there is `give_up`, that is called
/// with the tree instead, unless it is of another log.
bool compare_with_known(const std::vector<KnownTree>& known, const std::string& origin, std::uint64_t size,
                        const std::function<Hash(std::uint64_t)>& root_of,
                        const std::function<void(const KnownTree&)>& give_up = {});

/// What is known, asked for when a process is about to open a ledger by itself.
using AskKnown = std::function<std::vector<KnownTree>()>;

}
