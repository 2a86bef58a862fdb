// The lines of a batch before they are committed.
#pragma once

#include "ledger/commit_log.h"
#include "ledger/env.h"
#include "ledger/head.h"
#include "ledger/private_values.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace forge {

struct DraftLine {
    const LedgerEvent* event;        // nothing for forge-ledgerd's own lines
    std::uint64_t id_hash;           // hash_of_id
    Hash leaf;
    std::size_t begin;               // in the batch's lines
    std::size_t size;                // without its LF
    std::size_t private_begin;       // in the batch's sidecar
    std::size_t private_size;
    std::string subject;             // tag; empty without private values
};

/// All lines of a draft have one time.  Events that were added must outlive it.
class BatchDraft {
public:
    BatchDraft(const LedgerHead& head, WallTime time, PrivateValues& values, Env& env);

    /// Adds a line; `id_hash` is hash_of_id(event.id).  Throws Refused and changes nothing when it would be too big.
    const DraftLine& add(std::string_view actor, const LedgerEvent& event, std::uint64_t id_hash);
    /// One of forge-ledgerd's own.
    const DraftLine& add_own(const LedgerEvent& event);
    /// A line of this draft that a client asked for, by its id.
    const DraftLine* find(std::string_view id) const;

    /// To take back all that was added after a point.
    std::size_t count() const noexcept { return lines_.size(); }
    void take_back(std::size_t count, const CompactRange& tree);

    const std::vector<DraftLine>& lines() const noexcept { return lines_; }
    const Batch& batch() const noexcept { return batch_; }
    std::size_t size_bytes() const noexcept { return batch_.lines.size() + batch_.sidecar.size(); }
    /// The batch for the commit log; nothing may be added afterwards.
    Batch& finish();
    const CompactRange& tree() const noexcept { return tree_; }
    const std::string& ts() const noexcept { return ts_; }
    std::uint64_t seq_of(const DraftLine& line) const { return batch_.first_seq + static_cast<std::size_t>(&line - lines_.data()); }
    std::string_view text_of(const DraftLine& line) const { return std::string_view{batch_.lines}.substr(line.begin, line.size); }

private:
    const DraftLine& add_line(std::string_view actor, const LedgerEvent& event, std::uint64_t id_hash, const LedgerEvent* asked);

    PrivateValues& values_;
    Env& env_;
    const std::string ts_;
    const Hash before_;
    Batch batch_;
    CompactRange tree_;
    std::vector<DraftLine> lines_;
    std::unordered_map<std::string_view, std::size_t> by_id_;   // views into the events
};

}
