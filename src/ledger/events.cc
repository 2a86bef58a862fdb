// The ledger's events for those who read them.
#include "ledger/events.h"

#include "base/plain_number.h"
#include "base/text.h"
#include "ledger/entry.h"
#include "ledger/event_walk.h"
#include "ledger/line_files.h"
#include "os/file.h"
#include "tlog/merkle.h"
#include "tlog/slices.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::string_view cursor_prefix = "e1:";
constexpr std::string_view run_started = "run.started";
constexpr std::string_view run_finished = "run.finished";

std::string cursor_at(std::uint64_t seq)
{
    return base64url(std::string{cursor_prefix} + std::to_string(seq));
}

std::optional<std::uint64_t> seq_of(const std::string& cursor, std::uint64_t size)
{
    const auto text = from_base64url(cursor);
    if (!text || !text->starts_with(cursor_prefix))
        return std::nullopt;
    const auto seq = parse_plain_unsigned(std::string_view{*text}.substr(cursor_prefix.size()));
    return seq && *seq < size ? seq : std::nullopt;
}

/// Gathers what is missing, for one error about all of it.
class Missing {
public:
    explicit Missing(const std::string& root) : root_(root) {}

    template <class Look>
    void look(Look look)
    try {
        look();
    } catch (const LineMissing& missing) {
        seqs_.insert(seqs_.end(), missing.seqs.begin(), missing.seqs.end());
    }
    void tell() const
    {
        if (!seqs_.empty())
            throw LineMissing(root_, seqs_);
    }

private:
    const std::string& root_;
    std::vector<std::uint64_t> seqs_;
};

Json counts(const EventIndexView& view, NameKind kind, Chain chain)
{
    Json json = Json::object();
    for (const Link name : view.names(kind))
        json.set(view.name_text(name), view.chain_size(name, chain));
    return json;
}

std::size_t open_run_count(const EventIndexView& view)
{
    std::uint64_t ended = 0;
    for (const Link name : view.names(NameKind::status))
        ended += view.chain_size(name, by_status);
    const std::uint64_t started = view.chain_size(view.name(NameKind::type, run_started), by_type);
    return started > ended ? started - ended : 0;
}

Json status_counts(const EventIndexView& view)
{
    Json json = Json::object();
    for (const Link name : view.names(NameKind::status))
        json.set(view.name_text(name), view.chain_size(name, by_status));
    if (const std::size_t open = open_run_count(view); open > 0)
        json.set("running", open);
    return json;
}

Json day_counts(const EventIndexView& view)
{
    Json days = Json::array();
    for (std::uint64_t seq = 0; seq < view.size();) {
        const auto midnight = std::chrono::floor<std::chrono::days>(WallTime{Micros{view.record(seq).ts}});
        const std::uint64_t next = view.first_since(midnight + std::chrono::days{1});
        days.append(Json::object({{"day", utc_day(midnight)}, {"events", next - seq}}));
        seq = std::max(next, seq + 1);
    }
    return days;
}

}

LineMissing::LineMissing(std::string root_, std::vector<std::uint64_t> seqs_)
    : Error("the disk does not hold as it was recorded: line " + std::to_string(seqs_.front())
            + (seqs_.size() > 1 ? " and " + std::to_string(seqs_.size() - 1) + " more" : "")),
      root(std::move(root_)), seqs(std::move(seqs_))
{
}

Events::Events(std::string root) : root_(std::move(root)), index_(root_ + "/index") {}

LedgerLine Events::read(const EventIndexView& view, std::uint64_t seq) const
{
    const EventRecord& record = view.record(seq);
    const std::string shard = "events-" + view.day(seq) + ".jsonl";
    LedgerLine line{.seq = seq, .bytes = {}, .subject = {}};
    try {
        line.bytes = read_day(root_, view.day(seq), view.offset(seq), record.length);
    } catch (const Error&) {
        line.bytes.clear();   // said below
    }
    const Hash leaf = leaf_hash(line.bytes);
    std::uint64_t start = 0;
    for (std::size_t i = 0; i < 8; ++i)
        start = start << 8 | leaf[i];
    if (start != record.leaf)
        throw LineMissing(root_, {seq});
    line.subject = view.name_text(record.names[static_cast<std::size_t>(NameKind::subject)]);
    return line;
}

RunLines Events::read_run(const EventIndexView& view, std::uint64_t started) const
{
    RunLines run{.started = {}, .finished = {}, .status = std::string{name_of(view.status(started))}};
    Missing missing{root_};
    missing.look([&] { run.started = read(view, started); });
    missing.look([&] {
        if (const auto finished = view.other(started))
            run.finished = read(view, *finished);
    });
    missing.tell();
    return run;
}

std::optional<EventPage> Events::find(const EventQuery& query)
{
    const EventIndexView view = index_.view();
    const EventWalk walk{view, query};
    auto seq = walk.first();
    if (!query.cursor.empty()) {
        const auto last = seq_of(query.cursor, view.size());
        if (!last || !walk.is_in_chain(*last))
            return std::nullopt;
        seq = walk.next(*last);
    }
    EventPage page;
    page.total = walk.total();
    std::uint64_t last = 0;
    Missing missing{root_};
    for (std::size_t count = 0; seq && count < query.limit; ++count, seq = walk.next(*seq)) {
        last = *seq;
        missing.look([&] {
            if (query.type.empty())
                page.runs.push_back(read_run(view, *seq));
            else
                page.lines.push_back(read(view, *seq));
        });
    }
    missing.tell();
    if (seq)
        page.next = cursor_at(last);
    return page;
}

std::optional<LedgerLine> Events::line(const std::string& id)
{
    const EventIndexView view = index_.view();
    const auto seq = view.find(id);
    if (!seq)
        return std::nullopt;
    LedgerLine line = read(view, *seq);
    const auto entry = parse_entry(line.bytes);
    return entry && entry->id == id ? std::optional{std::move(line)} : std::nullopt;
}

std::optional<RunLines> Events::run(const std::string& run)
{
    const auto started = line(run + ".started");
    return started ? std::optional{read_run(index_.view(), started->seq)} : std::nullopt;
}

std::optional<RunLines> Events::run_with_idempotency(const std::string& tag)
{
    const EventIndexView view = index_.view();
    const auto started = view.idempotent_run(tag);
    if (!started)
        return std::nullopt;
    RunLines run = read_run(view, *started);
    const auto entry = parse_entry(run.started.bytes);
    const bool is_it = entry && plain_text(member_of(member_of(entry->event, "idem"), "key")) == tag;
    return is_it ? std::optional{std::move(run)} : std::nullopt;
}

std::vector<StartedRun> Events::open_runs(std::size_t limit)
{
    std::vector<StartedRun> runs;
    if (!exists(root_ + "/index/events.idx"))
        return runs;
    const EventIndexView view = index_.view();
    const std::size_t open = std::min(limit, open_run_count(view));
    const Link type = view.name(NameKind::type, run_started);
    for (auto seq = view.newest(type, by_type); seq && runs.size() < open; seq = view.previous(*seq, by_type))
        if (view.status(*seq) == RunStatus::running)
            runs.push_back({*seq, WallTime{Micros{view.record(*seq).ts}}});
    return runs;
}

FinishedRuns Events::finished_runs(std::uint64_t from, std::size_t most)
{
    const EventIndexView view = index_.view();
    const Link type = view.name(NameKind::type, run_finished);
    FinishedRuns found{.lines = {}, .next = from, .is_end = false, .missing = {}};
    for (; found.next < view.size() && found.lines.size() < most; ++found.next) {
        if (type == 0 || view.record(found.next).names[static_cast<std::size_t>(NameKind::type)] != type)
            continue;
        try {
            found.lines.push_back(read(view, found.next));
        } catch (const LineMissing&) {
            found.missing.push_back(found.next);
        }
    }
    found.is_end = found.next >= view.size();
    return found;
}

Json Events::stats()
{
    const EventIndexView view = index_.view();
    return Json::object({{"size", view.size()},
                         {"days", day_counts(view)},
                         {"types", counts(view, NameKind::type, by_type)},
                         {"templates", counts(view, NameKind::template_id, by_template)},
                         {"statuses", status_counts(view)}});
}

std::uint64_t Events::events_today()
{
    const EventIndexView view = index_.view();
    return view.size() - view.first_since(std::chrono::floor<std::chrono::days>(wall_now()));
}

std::optional<std::string> Events::checkpoint() const
{
    const std::string path = root_ + "/checkpoint";
    constexpr std::size_t note_limit = 1 << 20;
    return exists(path) ? std::optional{read_file(path, note_limit)} : std::nullopt;
}

}
