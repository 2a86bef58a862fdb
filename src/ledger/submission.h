// What goes into the engine, and what comes out of it.
#pragma once

#include "ledger/entry.h"
#include "ledger/entry_index.h"
#include "ledger/refusal.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace forge {

/// What a client asks to append at once: all of it or nothing.
struct Submission {
    std::string actor;
    std::vector<LedgerEvent> events;   // each passed check_event
    bool wants_receipts = false;
};

struct Ack {
    std::uint64_t seq;
    Hash leaf;
    std::string ts;
    bool dup;   // the id was there before, with the same content
    std::string receipt{};   // where it was asked for: a tlog-proof under a checkpoint signed for this batch
};

struct Outcome {
    std::vector<Ack> acks{};             // one for each event
    std::optional<Refused> refusal{};
};

/// What an erasure was begun with.
struct Redacted {
    std::vector<std::uint64_t> lines{};   // that record it; none when there was nothing to erase
    std::uint64_t values = 0;
    std::size_t days = 0;                 // whose files are still to be rewritten
};

/// A committed line, as indexes and counters are told of it.  Its views are good during the call only.
struct CommittedLine {
    const EntryView& entry;
    std::uint64_t id_hash;   // hash_of_id
    const LinePlace& place;
    const Hash& leaf;
    WallTime ts;
    std::size_t length;      // without its LF
    std::string subject;     // tag; empty where the line has no private values
};
using LineObserver = std::function<void(const CommittedLine&)>;

}
