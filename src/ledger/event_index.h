// Writes the index of events (event_record.h), for the ledger's engine.
#pragma once

#include "base/clock.h"
#include "ledger/index_table.h"
#include "lib/crypto.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace forge {

/// What the index has to know of a line.
struct IndexedLine {
    std::uint64_t seq;
    std::uint16_t day;            // days since 1970
    std::uint64_t offset;         // of the line's first byte in its shard
    std::size_t length;           // without LF
    WallTime ts;
    std::uint64_t key;            // short_hash(id)
    std::string_view type;
    std::string_view event;       // canonical JSON
    Hash leaf;
    std::string_view subject{};   // forge-ledgerd's tag, 64 hex digits, of which the first 16 are kept; empty: none
};

/// Opens the index that is there, or starts an empty one where it is missing, broken, or may have lost bytes in a power
/// cut.  For one thread.  At start: where size() > 0, ask has(last line); when that is another one or beyond the
/// ledger, clear(); then append() what is missing.
class EventIndexWriter {
public:
    /// Throws SystemError when the folder cannot be written.
    explicit EventIndexWriter(const std::string& folder);
    ~EventIndexWriter();
    EventIndexWriter(const EventIndexWriter&) = delete;
    EventIndexWriter& operator=(const EventIndexWriter&) = delete;

    /// Lines indexed: the seq that append() takes next.
    std::uint64_t size() const { return events_.count(); }
    /// True when line `seq` was indexed with this leaf hash.
    bool has(std::uint64_t seq, const Hash& leaf);
    /// Starts an empty index in the place of this one.
    void clear();
    /// False, and nothing changed, when the line is not the next, the disk is full, or after 2^32-2 lines.
    /// Readers then see that the index is behind the ledger.  About a microsecond.
    bool append(const IndexedLine& line);
    /// The line has no subject any more.  As long as its subject has later lines.
    void forget_subject(std::uint64_t seq);

private:
    EventRecord& record(std::uint64_t seq) { return events_.at<EventRecord>(seq); }
    NameRecord& name_record(std::uint64_t ordinal) { return names_.at<NameRecord>(ordinal); }
    Link name(NameKind kind, std::string_view text);
    Link find_or_add_name(NameKind kind, std::string_view text);
    void name_line(EventRecord& next, const IndexedLine& line);
    void join_run(std::uint32_t seq, const IndexedLine& line);
    void chain(EventRecord& next, std::uint32_t seq);
    Link chain_name(const EventRecord& line, Chain chain);
    void publish_chains(std::uint32_t seq, const EventRecord& line);
    void note_idempotency(std::uint32_t seq, const IndexedLine& line);

    IndexTable events_;
    Shortcuts shortcuts_;         // into events_
    struct Recent {
        std::string text{};
        Link name = 0;
    };
    std::array<Recent, name_kinds + 2> recent_{};   // by kind: most lines have the names of the line before
    IndexTable names_;
};

}
