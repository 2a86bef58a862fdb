// Reading the lines of a ledger again at start.
#include "ledger/replay.h"

#include <algorithm>

#include "base/log.h"
#include "ledger/private_values.h"
#include "ledger/refusal.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

constexpr std::uint64_t all = UINT64_MAX;
constexpr std::size_t leaves_limit = 1U << 19;   // 16 MiB
constexpr const char* remedy = "; nothing was changed: look at it with forge-ledger-verify, and put the folder back from a "
                               "backup, or give up with forge-ledger-repair --accept-loss what nothing else has";

std::string shard_name(const std::string& day)
{
    return "events-" + day + ".jsonl";
}

void pass_values(std::uint64_t seq, LineReader& values)
{
    for (auto line = values.peek(); line; line = values.peek()) {
        const auto value = parse_sidecar(*line);
        if (!value || value->seq > seq)
            return;
        values.skip(line->size());
    }
}

}

LedgerHead Replay::run(LedgerHead head)
{
    head_ = std::move(head);
    source_.index.start(head_.size());
    compare_root();
    if (source_.wal && !source_.wal->gaps.empty() && source_.on_loss == OnLoss::halt) {
        const WalGap& gap = source_.wal->gaps.front();
        give_up(gap.place.path + ": byte " + std::to_string(gap.place.offset) + ": " + gap.reason + " (lines "
                + std::to_string(gap.from) + " to " + std::to_string(gap.to) + ")");
    }
    bool goes_on = true;
    while (goes_on) {
        if (const PlacedFrame* const frame = frame_with(head_.size()))
            goes_on = redo(*frame);
        else
            goes_on = read_shards(next_frame());
    }
    check_tail();
    sync_touched();
    source_.index.write();
    if (published() > head_.size())
        throw LedgerRolledBack("the checkpoint covers " + std::to_string(published()) + " lines, the shards hold "
                               + std::to_string(head_.size()));
    if (source_.wal && source_.wal->newest().first_seq > head_.size())
        give_up("lines " + std::to_string(head_.size()) + " to " + std::to_string(source_.wal->newest().first_seq)
                + " stood before the newest segment of the write-ahead log");
    if (source_.wal && source_.wal->unreadable)
        give_up(*source_.wal->unreadable + ": lines from " + std::to_string(head_.size()) + " on may have stood there");
    return std::move(head_);
}

// False, with on_loss accept.
bool Replay::give_up(const std::string& reason)
{
    if (source_.on_loss == OnLoss::halt)
        throw WalDamaged(reason + remedy);
    log(Severity::error, "acknowledged lines are given up", {{"error", reason}});
    lost_ = lost_.value_or(head_.size());
    return false;
}

const PlacedFrame* Replay::frame_with(std::uint64_t seq)
{
    if (!source_.wal)
        return nullptr;
    const auto& frames = source_.wal->frames;
    while (at_ < frames.size() && frames[at_].frame.end_seq() <= seq)
        ++at_;
    return at_ < frames.size() && frames[at_].frame.first_seq <= seq ? &frames[at_] : nullptr;
}

// Up to where lines can only come from the shards.
std::uint64_t Replay::next_frame() const
{
    if (!source_.wal)
        return all;
    const auto& frames = source_.wal->frames;
    if (at_ < frames.size())
        return std::max(published(), frames[at_].frame.first_seq);
    return source_.wal->unreadable ? all : published();
}

// False when there is nothing to go on with.
bool Replay::read_shards(std::uint64_t until)
{
    if (head_.size() >= until)
        return false;
    for (const std::string& day : source_.shards.days())
        if (day >= head_.day && head_.size() < until)
            read_day(day, until);
    if (until == all || head_.size() < published())
        return false;   // run() says so
    if (head_.size() < until)
        return give_up("lines " + std::to_string(head_.size()) + " to " + std::to_string(until) + " are neither in the write-ahead log nor in the shards");
    return true;
}

void Replay::read_day(const std::string& day, std::uint64_t until)
{
    Shards& shards = source_.shards;
    const bool goes_on = day == head_.day;
    LineReader lines{[&](std::uint64_t at, std::size_t size) { return shards.read_lines(day, at, size); }, goes_on ? head_.offset : 0};
    LineReader values{[&](std::uint64_t at, std::size_t size) {
                          return shards.has_sidecar(day) ? shards.read_sidecar(day, at, size) : std::string{};
                      },
                      goes_on ? head_.private_offset : 0};
    while (head_.size() < until) {
        const auto line = lines.peek();
        if (!line)
            break;
        take(day, *line, lines.offset(), values);
        lines.skip(line->size());
    }
    if (head_.day == day)
        head_.private_offset = values.offset();
}

bool Replay::redo(const PlacedFrame& placed)
{
    const WalFrame& frame = placed.frame;
    const auto misfits = [&](const char* which) {
        return placed.place.path + ": byte " + std::to_string(placed.place.offset) + ": the root " + which
               + " is not that of the lines before " + std::to_string(head_.size());
    };
    if (frame.first_seq == head_.size() && frame.root_before != head_.tree.root())
        return give_up(misfits("before"));
    const std::string& root = source_.root;
    restore(shard_path(root, frame.day), frame.lines_offset, frame.lines, shard_name(frame.day), false, frame.day);
    if (!frame.sidecar.empty())
        restore(sidecar_path(root, frame.day), frame.sidecar_offset, frame.sidecar, "private/" + frame.day + ".jsonl", true, frame.day);
    take_lines(frame);
    return frame.root_after == head_.tree.root() || give_up(misfits("after"));
}

void Replay::take_lines(const WalFrame& frame)
{
    const std::string_view kept = frame.sidecar;
    const auto from_frame = [&](std::uint64_t at, std::size_t size) {
        return std::string{kept.substr(std::min<std::size_t>(kept.size(), at - frame.sidecar_offset), size)};
    };
    const auto from_file = [&](std::uint64_t at, std::size_t size) { return source_.shards.read_sidecar(frame.day, at, size); };
    LineReader values{frame.is_sidecar_written ? LineReader::Read{from_file} : LineReader::Read{from_frame}, frame.sidecar_offset};
    std::uint64_t seq = frame.first_seq;
    for (std::size_t begin = 0; begin < frame.lines.size(); ++seq) {
        const std::size_t end = frame.lines.find('\n', begin);
        if (seq >= head_.size())
            take(frame.day, std::string_view{frame.lines}.substr(begin, end - begin), frame.lines_offset + begin, values);
        begin = end + 1;
    }
}

// Makes a file hold these bytes there; what differs is saved first.
void Replay::restore(const std::string& path, std::uint64_t offset, const std::string& bytes, const std::string& name,
                     bool is_sidecar, const std::string& day)
{
    Shards& shards = source_.shards;
    std::string have;
    if (source_.io.exists(path))
        have = is_sidecar ? shards.read_sidecar(day, offset, bytes.size()) : shards.read_lines(day, offset, bytes.size());
    touched_.insert(path);
    if (have == bytes)
        return;
    if (source_.io.exists(path))
        source_.io.set_mode(path, is_sidecar ? 0600 : 0640);   // the day may be sealed
    GrowingFile& file = is_sidecar ? shards.sidecar(day) : shards.lines(day);
    if (file.size() < offset)
        throw LedgerRolledBack(name + ": has " + std::to_string(file.size()) + " bytes, the write-ahead log goes on at " + std::to_string(offset));
    if (!bytes.starts_with(have)) {
        const std::string old = file.read(offset, static_cast<std::size_t>(file.size() - offset));
        quarantine(source_.io, source_.env, source_.root, {name, offset, "torn-tail", "not what the write-ahead log says, written again from it"}, old);
        file.cut(offset);
        have.clear();
    }
    file.append(std::string_view{bytes}.substr(have.size()));
}

void Replay::take(const std::string& day, std::string_view line, std::uint64_t offset, LineReader& values)
{
    const EntryView entry = checked(day, line);
    const Hash leaf = leaf_hash(line);
    const std::uint64_t before = values.offset();
    if (!entry.priv.empty())
        pass_values(entry.seq, values);
    const std::uint64_t taken = values.offset() - before;
    source_.index.add(hash_of_id(entry.id), {day, offset, taken > 0 ? std::optional{before} : std::nullopt});
    keep(leaf);
    head_.tree.append(leaf);
    head_.add(entry, leaf, line.size() + 1, taken);
    compare_root();
}

void Replay::keep(const Hash& leaf)
{
    if (!keeps_leaves_ || head_.size() < published())
        return;
    leaves_.push_back(leaf);
    if (leaves_.size() > leaves_limit) {
        keeps_leaves_ = false;
        leaves_ = {};
    }
}

EntryView Replay::checked(const std::string& day, std::string_view line) const
{
    const std::uint64_t first = day == head_.day ? head_.day_first : head_.size();
    const auto damaged = [&](const std::string& reason) {
        return LedgerDamaged(shard_name(day) + ": line " + std::to_string(head_.size() - first + 1) + ": " + reason);
    };
    if (const auto fault = canonical_error(line))
        throw damaged("byte " + std::to_string(fault->position) + ": " + std::string{fault->reason});
    const auto entry = parse_entry(line);
    if (!entry)
        throw damaged("not the form of a line");
    if (entry->seq != head_.size())
        throw damaged("seq " + std::to_string(entry->seq) + " instead of " + std::to_string(head_.size()));
    if (entry->prev != hex(head_.last_leaf))
        throw damaged("prev is not the hash of the line before");
    const auto time = parse_rfc3339(entry->ts);
    if (!time || rfc3339(*time) != entry->ts || *time < head_.ts || entry->ts.substr(0, 10) != day)
        throw damaged("ts does not follow the line before");
    return *entry;
}

void Replay::compare_root() const
{
    if (source_.checkpoint && source_.checkpoint->size == head_.size() && source_.checkpoint->root != head_.tree.root())
        throw LedgerRolledBack("the lines before " + std::to_string(head_.size())
                               + " are not those that were signed: the checkpoint has another root");
}

}
