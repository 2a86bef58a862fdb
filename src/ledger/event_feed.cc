// Keeps the index of events behind the engine.
#include "ledger/event_feed.h"

namespace forge {

void EventFeed::take(const CommittedLine& line)
{
    index_.append({.seq = line.entry.seq, .day = day_number(line.place.day), .offset = line.place.offset, .length = line.length,
                   .ts = line.ts, .key = __builtin_bswap64(line.id_hash), .type = line.entry.type, .event = line.entry.event, .leaf = line.leaf,
                   .subject = line.subject});
}

void EventFeed::forget(const std::vector<SeqSpan>& seqs)
{
    for (const SeqSpan& span : seqs)
        for (std::uint64_t seq = span.first; seq <= span.last && seq < index_.size(); ++seq)
            index_.forget_subject(seq);
}

void EventFeed::catch_up(Engine& engine)
{
    const std::uint64_t size = index_.size();
    if (size > engine.head().size() || (size > 0 && !index_.has(size - 1, engine.leaf(size - 1))))
        index_.clear();
    if (index_.size() < engine.head().size())
        engine.replay(index_.size(), [this](const CommittedLine& line) { take(line); });
}

}
