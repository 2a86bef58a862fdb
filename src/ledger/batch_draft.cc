// The lines of a batch before they are committed.
#include "ledger/batch_draft.h"

#include "ledger/entry_index.h"

namespace forge {

BatchDraft::BatchDraft(const LedgerHead& head, WallTime time, PrivateValues& values, Env& env)
    : values_(values), env_(env), ts_(rfc3339(time)), before_(head.last_leaf),
      batch_{.day = utc_day(time), .first_seq = head.size(), .ts = time, .root_before = head.tree.root()}, tree_(head.tree)
{
    if (batch_.day == head.day) {
        batch_.lines_offset = head.offset;
        batch_.sidecar_offset = head.private_offset;
    }
}

Batch& BatchDraft::finish()
{
    batch_.count = static_cast<std::uint32_t>(lines_.size());
    batch_.root_after = tree_.root();
    return batch_;
}

const DraftLine& BatchDraft::add(std::string_view actor, const LedgerEvent& event, std::uint64_t id_hash)
{
    const DraftLine& line = add_line(actor, event, id_hash, &event);
    by_id_.emplace(event.id, lines_.size() - 1);
    return line;
}

const DraftLine& BatchDraft::add_own(const LedgerEvent& event)
{
    return add_line("forge-ledgerd", event, hash_of_id(event.id), nullptr);
}

const DraftLine& BatchDraft::add_line(std::string_view actor, const LedgerEvent& event, std::uint64_t id_hash,
                                      const LedgerEvent* asked)
{
    const std::string prev = hex(lines_.empty() ? before_ : lines_.back().leaf);
    const std::string salt = hex(env_.random(16));
    const std::uint64_t seq = batch_.first_seq + lines_.size();
    CommittedValues values = values_.commit(event.priv);
    const std::string line = entry_line({.actor = actor, .event = event.event, .id = event.id, .prev = prev,
                                         .priv = std::move(values.commitments), .salt = salt, .seq = seq, .ts = ts_,
                                         .type = event.type});
    const Hash leaf = leaf_hash(line);
    const std::size_t private_begin = batch_.sidecar.size();
    const std::string subject = values.values.empty() ? std::string{} : values_.tag_of(event.subject.value());
    if (!values.values.empty())
        batch_.sidecar += values_.seal(seq, leaf, batch_.day, subject, values.values);
    tree_.append(leaf);
    lines_.push_back({asked, id_hash, leaf, batch_.lines.size(), line.size(), private_begin, batch_.sidecar.size() - private_begin, subject});
    batch_.lines.append(line).append("\n");
    return lines_.back();
}

const DraftLine* BatchDraft::find(std::string_view id) const
{
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &lines_[found->second];
}

void BatchDraft::take_back(std::size_t count, const CompactRange& tree)
{
    if (count == lines_.size())
        return;
    batch_.lines.resize(lines_[count].begin);
    batch_.sidecar.resize(lines_[count].private_begin);
    for (auto line = lines_.begin() + static_cast<std::ptrdiff_t>(count); line != lines_.end(); ++line)
        if (line->event)
            by_id_.erase(line->event->id);
    lines_.resize(count);
    tree_ = tree;
}

}
