// Keeps the index of events behind the engine: each line after its commit, and at start what is missing.
#pragma once

#include "ledger/engine.h"
#include "ledger/event_index.h"

#include <string>

namespace forge {

class EventFeed {
public:
    /// Throws SystemError when the folder cannot be written.
    explicit EventFeed(const std::string& folder) : index_(folder) {}

    /// A committed line.  When the index cannot take it (disk full), catch_up does later.
    void take(const CommittedLine& line);
    /// Lines that lost their private values: nobody's from here on.
    void forget(const std::vector<SeqSpan>& seqs);
    /// Adds what the index lacks; starts it anew when it is not of this ledger.
    void catch_up(Engine& engine);

private:
    EventIndexWriter index_;
};

}
