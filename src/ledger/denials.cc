// What the ledger refused somebody for want of rights.
#include "ledger/denials.h"

#include "base/log.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

constexpr std::chrono::seconds window{60};
constexpr std::size_t kinds_limit = 100;

}

void Denials::note(const LedgerPeer& peer, Operation operation, const std::string& type)
{
    const std::pair key{peer.user, std::string{name_of(operation)}};
    if (counts_.size() >= kinds_limit && !counts_.contains(key))
        return;
    auto& [last_type, count] = counts_[key];
    last_type = type;
    if (++count == 1)
        log(Severity::warning, "ledger denied", {{"user", peer.user}, {"operation", key.second}, {"type", type}});
}

std::vector<std::string> Denials::take(SteadyTime now)
{
    std::vector<std::string> events;
    if (counts_.empty() || now < next_)
        return events;
    for (const auto& [key, what] : counts_)
        events.push_back(canonical_json(Json::object({{"count", what.second}, {"kind", "denied"}, {"operation", key.second},
                                                      {"type", what.first}, {"user", key.first}})));
    counts_.clear();
    next_ = now + window;
    return events;
}

}
