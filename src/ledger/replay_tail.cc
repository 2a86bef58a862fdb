// What stands behind the last line that is known.
#include "base/log.h"
#include "ledger/refusal.h"
#include "ledger/replay.h"
#include "tlog/jcs.h"

namespace forge {

bool Replay::follows(std::string_view line) const
{
    const auto entry = parse_entry(line);
    return entry && !canonical_error(line) && entry->seq == head_.size() && entry->prev == hex(head_.last_leaf);
}

void Replay::check_tail()
{
    for (const std::string& day : source_.shards.days())
        if (day >= head_.day)
            check_tail_of(day);
}

void Replay::check_tail_of(const std::string& day)
{
    Shards& shards = source_.shards;
    const std::uint64_t offset = day == head_.day ? head_.offset : 0;
    if (shards.size_of(day) == offset) {
        if (offset == 0)
            source_.io.remove(shard_path(source_.root, day));   // made for lines that were never committed
        return;
    }
    LineReader lines{[&](std::uint64_t at, std::size_t size) { return shards.read_lines(day, at, size); }, offset};
    const auto next = lines.peek();
    if (!source_.wal)
        return take_away(day, offset, "torn-tail", "never acknowledged");
    if (!next || !follows(*next)) {
        const std::string reason = "behind the last line of the ledger; not written by forge-ledgerd";
        foreign_.push_back({"events-" + day + ".jsonl", offset, "foreign", reason});
        return take_away(day, offset, "foreign", reason);
    }
    if (!give_up("events-" + day + ".jsonl: byte " + std::to_string(offset) + ": line " + std::to_string(head_.size())
                 + " follows, but the write-ahead log does not have it")) {
        read_day(day, UINT64_MAX);
        touched_.insert(shard_path(source_.root, day));
        check_tail_of(day);
    }
}

void Replay::take_away(const std::string& day, std::uint64_t offset, const std::string& kind, const std::string& reason)
{
    const std::string name = "events-" + day + ".jsonl";
    GrowingFile& file = source_.shards.lines(day);
    const std::string bytes = file.read(offset, static_cast<std::size_t>(file.size() - offset));
    const std::string folder = quarantine(source_.io, source_.env, source_.root, {name, offset, kind, reason}, bytes);
    log(Severity::warning, "the end of a shard was moved to quarantine", {{"file", name}, {"folder", folder}, {"reason", reason}});
    file.cut(offset);
    file.sync();
    if (offset == 0)
        source_.shards.remove_empty(day);
}

void Replay::sync_touched()
{
    if (!source_.wal && !head_.day.empty())
        touched_.insert(shard_path(source_.root, head_.day));   // written but not synced before a crash: committed from here on
    for (const std::string& path : touched_)
        try {
            source_.io.open(path, OpenFor::reading, 0)->sync();
        } catch (const SystemError& error) {
            throw SyncFailed(error.what());
        }
}

}
