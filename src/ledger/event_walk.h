// The lines that a query of the ledger's events matches, one after the other, by the index.
#pragma once

#include "ledger/event_index_view.h"
#include "ledger/events.h"

#include <cstdint>
#include <optional>

namespace forge {

/// A chain of the index that holds all that a query can match, and what is left to be asked of each line.  View and query
/// must outlive it.
class EventWalk {
public:
    EventWalk(const EventIndexView& view, const EventQuery& query);

    /// The newest line that matches, and the one before; nothing at the end.
    std::optional<std::uint64_t> first() const;
    std::optional<std::uint64_t> next(std::uint64_t seq) const;
    /// Whether a page can have ended with this line.
    bool is_in_chain(std::uint64_t seq) const;
    /// How many match.
    std::size_t total() const;

private:
    std::optional<std::uint64_t> matching(std::optional<std::uint64_t> seq) const;
    bool is_before(std::uint64_t seq, WallTime time) const;
    bool matches(std::uint64_t seq) const;

    const EventIndexView& view_;
    const EventQuery& query_;
    Link type_ = 0, template_ = 0, profile_ = 0, subject_ = 0, name_ = 0;
    Chain chain_ = by_type;
    bool impossible_ = false;
};

}
