// What the engine finds at start.
#include "ledger/recovery.h"

#include <algorithm>

#include "base/log.h"
#include "ledger/private_values.h"
#include "ledger/refusal.h"
#include "tlog/jcs.h"

namespace forge {

namespace {

constexpr std::size_t block_size = 1U << 20;

// The lines of a file one after the other, from an offset on.
class LineReader {
public:
    using Read = std::function<std::string(std::uint64_t offset, std::size_t size)>;
    LineReader(Read read, std::uint64_t offset) : read_(std::move(read)), offset_(offset) {}

    // The line at offset(), without its LF; nothing when no whole line is left.  Stays good until the next call.
    std::optional<std::string_view> peek()
    {
        auto end = buffer_.find('\n', begin_);
        while (end == std::string::npos) {
            buffer_.erase(0, begin_);
            begin_ = 0;
            const std::string more = read_(offset_ + buffer_.size(), block_size);
            if (more.empty())
                return std::nullopt;
            const std::size_t searched = buffer_.size();
            buffer_ += more;
            end = buffer_.find('\n', searched);
        }
        return std::string_view{buffer_}.substr(begin_, end - begin_);
    }
    void skip(std::size_t line_size)
    {
        begin_ += line_size + 1;
        offset_ += line_size + 1;
    }
    std::uint64_t offset() const noexcept { return offset_; }

private:
    const Read read_;
    std::uint64_t offset_;
    std::string buffer_;
    std::size_t begin_ = 0;
};

class Replay {
public:
    Replay(Io& io, const std::string& root, Shards& shards, EntryIndex& index, const std::optional<Checkpoint>& checkpoint)
        : io_(io), root_(root), shards_(shards), index_(index), checkpoint_(checkpoint)
    {
    }

    LedgerHead run(LedgerHead head)
    {
        head_ = std::move(head);
        index_.start(head_.size());
        compare_root();
        for (const std::string& day : shards_.days())
            if (day >= head_.day)
                read_day(day);
        index_.write();
        if (checkpoint_ && checkpoint_->size > head_.size())
            throw LedgerDamaged("the checkpoint covers " + std::to_string(checkpoint_->size) + " lines, the shards hold "
                                + std::to_string(head_.size()));
        return std::move(head_);
    }

private:
    void read_day(const std::string& day)
    {
        const bool goes_on = day == head_.day;
        LineReader lines{[&](std::uint64_t at, std::size_t size) { return shards_.read_lines(day, at, size); },
                         goes_on ? head_.offset : 0};
        LineReader values{[&](std::uint64_t at, std::size_t size) {
                              return shards_.has_sidecar(day) ? shards_.read_sidecar(day, at, size) : std::string{};
                          },
                          goes_on ? head_.private_offset : 0};
        while (const auto line = lines.peek()) {
            take(day, *line, lines.offset(), values);
            lines.skip(line->size());
        }
        if (head_.day == day)
            head_.private_offset = values.offset();
    }

    void take(const std::string& day, std::string_view line, std::uint64_t offset, LineReader& values)
    {
        const EntryView entry = checked(day, line);
        const Hash leaf = leaf_hash(line);
        const std::uint64_t before = values.offset();
        if (!entry.priv.empty())
            pass_values(entry.seq, values);
        const std::uint64_t taken = values.offset() - before;
        index_.add(entry.id, {day, offset, taken > 0 ? std::optional{before} : std::nullopt});
        head_.tree.append(leaf);
        head_.add(entry, leaf, line.size() + 1, taken);
        compare_root();
    }

    static void pass_values(std::uint64_t seq, LineReader& values)
    {
        for (auto line = values.peek(); line; line = values.peek()) {
            const auto value = parse_sidecar(*line);
            if (!value || value->seq > seq)
                return;
            values.skip(line->size());
        }
    }

    EntryView checked(const std::string& day, std::string_view line) const
    {
        const std::uint64_t first = day == head_.day ? head_.day_first : head_.size();
        const auto damaged = [&](const std::string& reason) {
            return LedgerDamaged("events-" + day + ".jsonl: line " + std::to_string(head_.size() - first + 1) + ": " + reason);
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

    void compare_root() const
    {
        if (checkpoint_ && checkpoint_->size == head_.size() && checkpoint_->root != head_.tree.root())
            throw LedgerDamaged("the lines before " + std::to_string(head_.size())
                                + " are not those that were signed: the checkpoint has another root");
    }

    Io& io_;
    const std::string& root_;
    Shards& shards_;
    EntryIndex& index_;
    const std::optional<Checkpoint>& checkpoint_;
    LedgerHead head_;
};

// The head as it was saved, when what can be looked at quickly agrees with it.
std::optional<LedgerHead> saved_head(Io& io, const std::string& root, Shards& shards, EntryIndex& index,
                                     const std::optional<Checkpoint>& checkpoint)
try {
    if (!io.exists(root + "/state/head"))
        return std::nullopt;
    LedgerHead head = LedgerHead::parse(read_whole(io, root + "/state/head"));
    if (head.size() == 0 || index.size() < head.size() || !checkpoint || checkpoint->size < head.size())
        return std::nullopt;
    const LinePlace last = index.place(head.size() - 1);
    const std::string line = line_at(shards, last.day, last.offset);
    if (last.day != head.day || last.offset + line.size() + 1 != head.offset || leaf_hash(line) != head.last_leaf)
        return std::nullopt;
    for (const auto& [day, first, bytes] : head.days)
        if (shards.size_of(day) != bytes)
            return std::nullopt;
    return head;
} catch (const Error& error) {
    log(Severity::warning, "state/head is of no use, reading all lines", {{"error", error.what()}});
    return std::nullopt;
}

// Sidecar lines of a batch whose lines were never committed.
void cut_sidecars(Io& io, const std::string& root, Shards& shards, const LedgerHead& head)
{
    for (const std::string& name : io.names(root + "/private"))
        if (name.ends_with(".jsonl") && name.substr(0, 10) > head.day)
            io.remove(root + "/private/" + name);
    if (!head.day.empty() && shards.has_sidecar(head.day) && shards.sidecar(head.day).size() > head.private_offset)
        shards.sidecar(head.day).cut(head.private_offset);
}

}

std::optional<Checkpoint> read_checkpoint(Io& io, const std::string& root, const VerifierKey& key)
try {
    const std::string path = root + "/checkpoint";
    if (!io.exists(path))
        return std::nullopt;
    return Checkpoint::open(read_whole(io, path), key);
} catch (const SystemError&) {
    throw;
} catch (const Error& error) {
    throw LedgerDamaged(std::string{"checkpoint: "} + error.what());
}

LedgerHead recover_head(Io& io, const std::string& root, Shards& shards, EntryIndex& index,
                        const std::optional<Checkpoint>& checkpoint)
{
    LedgerHead head;
    if (auto saved = saved_head(io, root, shards, index, checkpoint)) {
        try {
            head = Replay{io, root, shards, index, checkpoint}.run(std::move(*saved));
        } catch (const LedgerDamaged& damage) {
            log(Severity::warning, "reading all lines", {{"error", damage.what()}});
            saved.reset();
        }
        if (saved) {
            cut_sidecars(io, root, shards, head);
            return head;
        }
    }
    head = Replay{io, root, shards, index, checkpoint}.run({});
    cut_sidecars(io, root, shards, head);
    return head;
}

}
