// The ledger's engine: opening, group commit, days.
#include "ledger/engine.h"

#include <algorithm>

#include "base/log.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

constexpr std::uint64_t batch_limit = 4U << 20;     // bytes of lines and private values, and one submission more
constexpr std::uint64_t publish_bytes = 8U << 20;   // are published without waiting for the second to be over
constexpr std::uint64_t digest_step = 1U << 20;   // bytes hashed ahead in one tick
constexpr Millis idle_tick{10'000};
constexpr Millis busy_tick{20};

// What a line takes on the disk at most: itself, its indexes, and its private values encrypted and in base64.
std::uint64_t room_for(const LedgerEvent& event)
{
    std::uint64_t bytes = event.event.size() + 1024;
    for (const auto& value : event.priv)
        bytes += value.value.size() / 2 * 3 + 1024;
    return bytes;
}

}

BatchDraft Engine::begin()
try {
    if (is_frozen_)
        throw Refused(Fault::read_only, "frozen: this ledger has had its last line");
    space_.look();
    const WallTime now = env_.wall();
    BatchDraft draft{head_, std::max(now, head_.ts), values_, env_};
    if (head_.size() > 0 && draft.batch().day != head_.day)
        add_seal(draft);
    if (clock_stepped_back(now))
        draft.add_own({"ledger.clock." + hex(env_.random(8)), "ledger.clock",
                       canonical_json(Json::object({{"last", rfc3339(head_.ts)}, {"wall", rfc3339(now)}}))});
    return draft;
} catch (const SystemError&) {
    rethrow_classified();
}

void Engine::add_seal(BatchDraft& draft)
{
    const std::string sha256 = digest_.finish(shards_, head_.day, head_.offset);
    draft.add_own({"ledger.day_sealed." + head_.day, "ledger.day_sealed",
                   canonical_json(Json::object({{"bytes", head_.offset}, {"day", head_.day}, {"first", head_.day_first},
                                                {"last", head_.size() - 1}, {"root", base64(head_.tree.root())},
                                                {"sha256", sha256}, {"size", head_.size()}}))});
}

std::vector<Outcome> Engine::commit(std::span<const Submission> submissions)
{
    std::vector<Outcome> outcomes(submissions.size());
    for (std::size_t i = 0; i < submissions.size();)
        i = commit_some(submissions, i, outcomes);
    add_receipts(submissions, outcomes);
    return outcomes;
}

// One batch; gives the first submission that is not in it.
std::size_t Engine::commit_some(std::span<const Submission> submissions, std::size_t first, std::vector<Outcome>& outcomes)
{
    const std::uint64_t limit = std::min(batch_limit, log_->capacity() / 4);
    std::size_t end = submissions.size();
    try {
        BatchDraft draft = begin();
        for (end = first; end < submissions.size() && (end == first || draft.size_bytes() < limit); ++end)
            outcomes[end] = take(draft, submissions[end]);
        write(draft);
    } catch (const Refused& refused) {
        // Nothing was written: only what was there before stays acknowledged.
        const auto is_new = [&](const Ack& ack) { return ack.seq >= head_.size(); };
        for (Outcome& outcome : std::span{outcomes}.subspan(first, end - first))
            if (!outcome.refusal && (outcome.acks.empty() || std::ranges::any_of(outcome.acks, is_new)))
                outcome = {{}, refused};
    }
    return end;
}

Outcome Engine::take(BatchDraft& draft, const Submission& submission)
{
    const std::size_t count = draft.count();
    const CompactRange tree = draft.tree();
    try {
        admit(draft, submission);
        Outcome outcome;
        for (const LedgerEvent& event : submission.events)
            outcome.acks.push_back(take(draft, submission.actor, event));
        if (draft.batch().lines.size() > log_->capacity())
            throw Refused(Fault::too_big, "more lines at once than the write-ahead log takes");
        return outcome;
    } catch (const Refused& refused) {
        draft.take_back(count, tree);
        return {{}, refused};
    }
}

void Engine::admit(const BatchDraft& draft, const Submission& submission)
{
    std::uint64_t bytes = draft.size_bytes();
    Urgency urgency = Urgency::closing;
    for (const LedgerEvent& event : submission.events) {
        bytes += room_for(event);
        if (event.type != "run.finished")
            urgency = Urgency::normal;
    }
    // What no checkpoint would cover is not to be promised; runs that have begun are closed all the same.
    if (unpublished_ && urgency == Urgency::normal)
        throw *unpublished_;
    if (!space_.admits(bytes, urgency, head_.open_runs() + draft.count()))
        throw Refused(Fault::no_space, "disk full");
}

Ack Engine::take(BatchDraft& draft, const std::string& actor, const LedgerEvent& event)
{
    if (const DraftLine* const known = draft.find(event.id)) {
        const bool is_equal = known->event->type == event.type && known->event->event == event.event
                              && known->event->priv == event.priv;
        if (!is_equal)
            throw Refused(Fault::conflict, "id " + event.id + ": other content");
        return {draft.seq_of(*known), known->leaf, draft.ts(), true};
    }
    const std::uint64_t id_hash = hash_of_id(event.id);
    const auto seq = index_.find(id_hash, [&](std::uint64_t candidate) { return has_id(candidate, event.id); });
    if (!seq) {
        const DraftLine& line = draft.add(actor, event, id_hash);
        return {draft.seq_of(line), line.leaf, draft.ts(), false};
    }
    const std::string known = line(*seq);
    if (!is_same(*seq, known, event))
        throw Refused(Fault::conflict, "id " + event.id + ": other content");
    return {*seq, leaf_hash(known), std::string{parse_entry(known).value().ts}, true};
}

void Engine::write(BatchDraft& draft)
try {
    if (draft.count() == 0)
        return;
    draft.finish();
    keys_.save();
    if (!log_->has_room(draft.batch()))
        publish();
    reserve(draft.batch());
    write_ahead(draft);
    apply(draft);
} catch (const Refused& refused) {
    if (refused.fault == Fault::no_space)
        space_.note_full();
    throw;
} catch (const SyncFailed& failure) {
    note_failure(io_, options_.root, failure.what());
    throw;
}

// Room at the places where the lines go after the commit, so that they can go there.
void Engine::reserve(const Batch& batch)
{
    const std::uint64_t step = space_.rules().sizes.headroom;
    const auto ask = [&](GrowingFile& file, std::uint64_t offset, std::uint64_t bytes) {
        file.check_size();
        if (file.size() != offset)   // opened just now, and somebody was quicker
            throw LedgerFailed(file.path() + ": somebody else changed its size");
        file.reserve(bytes, step);
    };
    with_ballast([&] {
        ask(shards_.lines(batch.day), batch.lines_offset, batch.lines.size());
        if (!batch.sidecar.empty())
            ask(shards_.sidecar(batch.day), batch.sidecar_offset, batch.sidecar.size());
        index_.reserve(batch.count);
    });
}

// Once more without the ballast, when the disk is full.
void Engine::with_ballast(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Refused& refused) {
        if (refused.fault != Fault::no_space || !space_.release_ballast())
            throw;
        work();
    }
}

// The commit.  Private values that would take too much of the log go to their place before it.
void Engine::write_ahead(BatchDraft& draft)
{
    Batch& batch = draft.finish();
    if (batch.sidecar.size() <= log_->capacity() / 4 && batch.lines.size() + batch.sidecar.size() <= log_->capacity())
        return log_->append(batch);
    GrowingFile& sidecar = shards_.sidecar(batch.day);
    sidecar.append(batch.sidecar);
    sidecar.sync();
    batch.sidecar.clear();
    batch.is_sidecar_written = true;
    log_->append(batch);
}

void Engine::apply(const BatchDraft& draft)
{
    const Batch& batch = draft.batch();
    const auto sealed = batch.day == head_.day ? std::nullopt : std::optional{head_.day};
    // Who sees a line finds its values: the sidecar first.
    if (!batch.sidecar.empty())
        shards_.sidecar(batch.day).add(batch.sidecar);
    shards_.lines(batch.day).add(batch.lines);
    for (const DraftLine& drafted : draft.lines()) {
        const std::string_view text = draft.text_of(drafted);
        const EntryView entry = parse_entry(text).value();
        LinePlace place{batch.day, batch.lines_offset + drafted.begin, std::nullopt};
        if (drafted.private_size > 0)
            place.private_offset = batch.sidecar_offset + drafted.private_begin;
        head_.add(entry, drafted.leaf, drafted.size + 1, drafted.private_size);
        index_.add(drafted.id_hash, place);
        tiles_.add(drafted.leaf);
        if (options_.on_line)
            options_.on_line({entry, drafted.id_hash, place, drafted.leaf, head_.ts, drafted.size, drafted.subject});
    }
    head_.tree = draft.tree();
    follow_clock();
    if (sealed && !sealed->empty())
        publisher_.note_sealed(seal_at(head_.day_first).value());
    publisher_.note_commit(head_.size());
    waiting_bytes_ += batch.lines.size() + batch.sidecar.size();
    if (waiting_bytes_ >= std::min(publish_bytes, log_->capacity() / 2))
        publisher_.hurry();
    if (shards_.is_behind())
        unpublished_ = Refused(Fault::no_space, "the disk did not take lines that are in the write-ahead log");
}

void Engine::commit_own(const LedgerEvent& event)
{
    BatchDraft draft = begin();
    draft.add_own(event);
    write(draft);
}

// A new day's first line.
void Engine::write_seal()
{
    BatchDraft draft = begin();
    write(draft);
}

void Engine::record(const std::string& type, const std::string& event)
{
    commit_own({type + "." + hex(env_.random(16)), type, event});
}

void Engine::tick()
{
    if (publisher_.due() && *publisher_.due() <= env_.steady())
        publish();
    else if (!publisher_.due())
        log_->clear();   // there is time
    record_incidents();
    tiles_.remove_partials(env_.steady());
    digest_.catch_up(shards_, head_.day, head_.offset, digest_step);
    if (!clock_stepped_back(env_.wall()))
        follow_clock();
    if (!is_frozen_ && utc_day(std::max(env_.wall(), head_.ts)) != head_.day)
        write_seal();
    if (erase_after_ <= env_.steady())
        erase_some();
}

SteadyTime Engine::next_tick() const
{
    const bool is_busy = digest_is_behind() || (!erasure_.is_idle() && erase_after_ <= env_.steady());
    const SteadyTime later = env_.steady() + (is_busy ? busy_tick : idle_tick);
    return std::min(later, publisher_.due().value_or(later));
}

void Engine::publish()
try {
    with_ballast([this] { publish_once(); });
} catch (const Refused& refused) {
    unpublished_ = refused;
    publisher_.postpone();
    throw;
} catch (const SyncFailed& failure) {
    note_failure(io_, options_.root, failure.what());
    throw;
}

void Engine::publish_once()
{
    shards_.sync();
    index_.sync();
    tiles_.write(env_.steady());
    publisher_.publish(head_);
    unpublished_.reset();
    waiting_bytes_ = 0;
    if (log_)
        log_->release();
}

}
