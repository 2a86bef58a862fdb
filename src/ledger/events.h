// The ledger's events for those who read them: runs and lines, newest first, by the index, each line from its shard.
#pragma once

#include "base/error.h"
#include "ledger/event_index_view.h"
#include "lib/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace forge {

/// Lines that were recorded and that the shards of the ledger in `root` do not hold any more as they were written.
struct LineMissing : Error {
    LineMissing(std::string root_, std::vector<std::uint64_t> seqs_);
    std::string root;
    std::vector<std::uint64_t> seqs;   // in no order
};

struct LedgerLine {
    std::uint64_t seq = 0;
    std::string bytes;      // without LF
    std::string subject;    // first 16 hex digits of forge-ledgerd's tag; empty: none
};

/// Where a run was started, and when.
struct StartedRun {
    std::uint64_t seq = 0;
    WallTime ts{};
};

/// One run: what started it and, once it ended, what finished it.
struct RunLines {
    LedgerLine started;
    std::optional<LedgerLine> finished;
    std::string status;     // "running" before the end
};

/// What is looked for; empty members match everything.
struct EventQuery {
    std::string template_id;
    std::string profile;
    std::string status;
    std::string type;                    // of single lines; empty: whole runs
    std::optional<std::string> subject;  // a tag: 16 hex digits or more
    std::optional<WallTime> since;
    std::optional<WallTime> until;       // not included
    std::string cursor;
    std::size_t limit = 50;
};

struct EventPage {
    std::size_t total = 0;               // of all pages
    std::vector<RunLines> runs;          // without a type
    std::vector<LedgerLine> lines;       // with one
    std::string next;                    // the cursor of the next page; empty on the last
};

/// Ends of runs from some place in the ledger on, in its order.
struct FinishedRuns {
    std::vector<LedgerLine> lines;
    std::uint64_t next = 0;              // where to go on
    bool is_end = false;                 // there is nothing more now
    std::vector<std::uint64_t> missing;  // lines that the disk does not hold any more as they were written
};

/// Any thread.  All functions throw LineMissing for a damaged shard, naming every line of the page that is missing;
/// Error when there is no index.
class Events {
public:
    explicit Events(std::string root);

    /// Nothing for a cursor that is none of ours.
    std::optional<EventPage> find(const EventQuery& query);
    /// By the run's id.
    std::optional<RunLines> run(const std::string& run);
    /// The newest run with this idempotency tag (run.started's idem.key).
    std::optional<RunLines> run_with_idempotency(const std::string& tag);
    /// The runs that were started and did not end, newest first, at most `limit`; none while there is no index.
    std::vector<StartedRun> open_runs(std::size_t limit);
    LedgerLine line_at(std::uint64_t seq) { return read(index_.view(), seq); }
    /// By the line's own id.
    std::optional<LedgerLine> line(const std::string& id);

    /// At most `most` lines run.finished at or after place `from`.  What is missing is told in the result.
    FinishedRuns finished_runs(std::uint64_t from, std::size_t most);
    /// The place of the first line at or after a time, and of the next line.
    std::uint64_t first_since(WallTime time) { return index_.view().first_since(time); }
    std::uint64_t size() { return index_.view().size(); }

    /// {"size","days":[{"day","events"}],"types":{},"templates":{},"statuses":{}}
    Json stats();
    /// Lines since midnight UTC.
    std::uint64_t events_today();
    /// The published checkpoint as it stands in its file; nothing before the first.
    std::optional<std::string> checkpoint() const;

private:
    LedgerLine read(const EventIndexView& view, std::uint64_t seq) const;
    RunLines read_run(const EventIndexView& view, std::uint64_t started) const;

    const std::string root_;
    EventIndex index_;
};

}
