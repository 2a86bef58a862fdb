// What the ledger refused somebody for want of rights, counted so that a storm is one entry a minute.
#pragma once

#include "base/clock.h"
#include "ledger/rights.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace forge {

class Denials {
public:
    void note(const LedgerPeer& peer, Operation operation, const std::string& type);
    /// The events of type ledger.incident to be recorded now, canonical: at most once a minute, then what was counted.
    std::vector<std::string> take(SteadyTime now);
    bool is_empty() const noexcept { return counts_.empty(); }

private:
    std::map<std::pair<std::string, std::string>, std::pair<std::string, std::uint64_t>> counts_;   // user, operation: type, count
    SteadyTime next_{};
};

}
