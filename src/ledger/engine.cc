// The ledger's engine: opening, group commit, days.
#include "ledger/engine.h"

#include <algorithm>

#include "base/log.h"
#include "ledger/recovery.h"
#include "ledger/tile_start.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

constexpr std::chrono::seconds clock_tolerance{2};
constexpr std::uint64_t digest_step = 1U << 20;   // bytes hashed ahead in one tick
constexpr Millis idle_tick{10'000};
constexpr Millis busy_tick{20};

Fd locked(Io& io, const std::string& root)
{
    io.make_folder(root, 0755);
    io.make_folder(root + "/state", 0700);
    return io.lock(root + "/state/LOCK");
}

// What a line takes on the disk at most: itself, its indexes, and its private values encrypted and in base64.
std::uint64_t room_for(const LedgerEvent& event)
{
    std::uint64_t bytes = event.event.size() + 1024;
    for (const auto& value : event.priv)
        bytes += value.value.size() / 2 * 3 + 1024;
    return bytes;
}

}

Engine::Engine(EngineOptions options, Io& io, Env& env)
    : options_(std::move(options)), io_(io), env_(env), lock_(locked(io, options_.root)),
      identity_(open_identity(io, env, options_.root, options_.origin)),
      keys_(io, env, options_.root + "/private/keys", identity_.key_encryption_key),
      values_(env, keys_, identity_.index_key), shards_(io, options_.root), log_(io, env, shards_, options_.root),
      index_(io, options_.root + "/index"),
      signers_(io, options_.root, identity_.origin),
      publisher_(io, env, options_.root, identity_, signers_, read_checkpoint(io, options_.root, identity_.signer.verifier_key())),
      tiles_(io, options_.root), space_(io, options_.root, options_.space),
      erasure_(io, options_.root, keys_, values_, shards_, [this](std::uint64_t seq) { return leaf(seq); })
{
    log_.recover();
    head_ = recover_head(io_, options_.root, shards_, index_, publisher_.newest());
    start_tiles(tiles_, {shards_, index_, head_, publisher_.newest(), env_.steady()});
    if (auto note = newest_seal(); note && !io_.exists(options_.root + "/days/" + note->day + ".note"))
        publisher_.note_sealed(std::move(*note));
    is_frozen_ = head_.types.contains("ledger.frozen");
    if (head_.size() == 0)
        make_genesis();
    else if (!options_.rights.empty() && head_.rights != options_.rights && !is_frozen_)
        record("ledger.rights", canonical_json(Json::object({{"rights", options_.rights}})));
    signers_.follow(head_.keys);
    publisher_.note_commit(head_.size());
    publisher_.hurry();
    resume_erasure();
}

void Engine::make_genesis()
{
    Json genesis = Json::object({{"format", 1}, {"origin", identity_.origin}, {"rights", options_.rights},
                                 {"uuid", identity_.uuid}, {"vkey", identity_.signer.verifier_key().text()}});
    if (!options_.frozen.empty())
        genesis.set("frozen", options_.frozen);
    commit_own({"ledger.genesis", "ledger.genesis", canonical_json(genesis)});
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
    if (now + clock_tolerance < head_.ts && !clock_is_back_)
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
    try {
        BatchDraft draft = begin();
        for (std::size_t i = 0; i < submissions.size(); ++i)
            outcomes[i] = take(draft, submissions[i]);
        write(draft);
    } catch (const Refused& refused) {
        // Nothing was written: only what was there before stays acknowledged.
        const auto is_new = [&](const Ack& ack) { return ack.seq >= head_.size(); };
        for (Outcome& outcome : outcomes)
            if (!outcome.refusal && (outcome.acks.empty() || std::ranges::any_of(outcome.acks, is_new)))
                outcome = {{}, refused};
    }
    add_receipts(submissions, outcomes);
    return outcomes;
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
        return outcome;
    } catch (const Refused& refused) {
        draft.take_back(count, tree);
        return {{}, refused};
    }
}

void Engine::admit(const BatchDraft& draft, const Submission& submission)
{
    std::uint64_t bytes = draft.batch().lines.size() + draft.batch().sidecar.size();
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
    const auto seq = index_.find(event.id, [&](std::uint64_t candidate) { return has_id(candidate, event.id); });
    if (!seq) {
        const DraftLine& line = draft.add(actor, event);
        return {draft.seq_of(line), line.leaf, draft.ts(), false};
    }
    const std::string known = line(*seq);
    if (!is_same(*seq, known, event))
        throw Refused(Fault::conflict, "id " + event.id + ": other content");
    return {*seq, leaf_hash(known), std::string{parse_entry(known).value().ts}, true};
}

void Engine::write(const BatchDraft& draft)
try {
    if (draft.count() == 0)
        return;
    keys_.save();
    const std::uint64_t sidecar_begin = draft.batch().sidecar.empty() ? 0 : shards_.sidecar(draft.batch().day).size();
    log_.append(draft.batch());
    apply(draft, sidecar_begin);
} catch (const Refused& refused) {
    if (refused.fault == Fault::no_space)
        space_.note_full();
    throw;
}

void Engine::apply(const BatchDraft& draft, std::uint64_t sidecar_begin)
{
    const auto sealed = draft.batch().day == head_.day ? std::nullopt : std::optional{head_.day};
    const std::uint64_t lines_begin = sealed ? 0 : head_.offset;
    for (const DraftLine& drafted : draft.lines()) {
        const std::string_view text = draft.text_of(drafted);
        const EntryView entry = parse_entry(text).value();
        LinePlace place{draft.batch().day, lines_begin + drafted.begin, std::nullopt};
        if (drafted.private_size > 0)
            place.private_offset = sidecar_begin + drafted.private_begin;
        head_.add(entry, drafted.leaf, drafted.size + 1, drafted.private_size);
        index_.add(entry.id, place);
        tiles_.add(drafted.leaf);
        if (options_.on_line)
            options_.on_line({entry, place, drafted.leaf, head_.ts, drafted.size, drafted.subject});
    }
    head_.tree = draft.tree();
    clock_is_back_ = env_.wall() + clock_tolerance < head_.ts;
    if (sealed && !sealed->empty())
        publisher_.note_sealed(newest_seal().value());
    publisher_.note_commit(head_.size());
    try {
        index_.write();
    } catch (const Refused& refused) {
        log(Severity::warning, "ledger index waits for room", {{"error", refused.what()}});
    }
}

void Engine::commit_own(const LedgerEvent& event)
{
    BatchDraft draft = begin();
    draft.add_own(event);
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
    tiles_.remove_partials(env_.steady());
    digest_.catch_up(shards_, head_.day, head_.offset, digest_step);
    if (!is_frozen_ && utc_day(std::max(env_.wall(), head_.ts)) != head_.day)
        write(begin());
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
    log_.settle();
    index_.sync();
    tiles_.write(env_.steady());
    publisher_.publish(head_);
    unpublished_.reset();
} catch (const Refused& refused) {
    unpublished_ = refused;
    publisher_.postpone();
    throw;
}

}
