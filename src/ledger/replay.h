// Reading the lines of a ledger again at start, from a known head on: first those that a checkpoint covers, from the
// shards, then those of the write-ahead log, which are brought to the shards where a crash kept them from it.
#pragma once

#include "ledger/entry_index.h"
#include "ledger/head.h"
#include "ledger/line_reader.h"
#include "ledger/quarantine.h"
#include "ledger/shards.h"
#include "ledger/wal_reader.h"
#include "tlog/checkpoint.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace forge {

struct ReplaySource {
    Io& io;
    Env& env;
    const std::string& root;
    Shards& shards;
    EntryIndex& index;
    const std::optional<Checkpoint>& checkpoint;
    const WalContents* wal;   // nothing for a ledger that was written without one
    OnLoss on_loss;
};

class Replay {
public:
    explicit Replay(const ReplaySource& source) : source_(source) {}

    /// The head after all lines.  Throws LedgerDamaged (naming shard, line and reason), WalDamaged, LedgerRolledBack.
    LedgerHead run(LedgerHead head);
    /// What was found behind the last line and taken away: somebody else wrote it.
    const std::vector<Removed>& foreign() const noexcept { return foreign_; }
    /// Leaf hashes of the last lines, those behind the checkpoint; empty where they are more than a full log holds.
    std::vector<Hash>& leaves() noexcept { return leaves_; }
    /// The first line that was given up, with on_loss accept.
    const std::optional<std::uint64_t>& lost() const noexcept { return lost_; }

private:
    std::uint64_t published() const { return source_.checkpoint ? source_.checkpoint->size : 0; }
    const PlacedFrame* frame_with(std::uint64_t seq);
    std::uint64_t next_frame() const;
    bool read_shards(std::uint64_t until);
    void read_day(const std::string& day, std::uint64_t until);
    bool redo(const PlacedFrame& placed);
    void take_lines(const WalFrame& frame);
    void restore(const std::string& path, std::uint64_t offset, const std::string& bytes, const std::string& name, bool is_sidecar,
                 const std::string& day);
    void take(const std::string& day, std::string_view line, std::uint64_t offset, LineReader& values);
    EntryView checked(const std::string& day, std::string_view line) const;
    void keep(const Hash& leaf);
    void compare_root() const;
    void check_tail();
    void check_tail_of(const std::string& day);
    void take_away(const std::string& day, std::uint64_t offset, const std::string& kind, const std::string& reason);
    bool follows(std::string_view line) const;
    void sync_touched();
    bool give_up(const std::string& reason);

    const ReplaySource& source_;
    LedgerHead head_;
    std::size_t at_ = 0;               // the frame that comes next
    std::set<std::string> touched_;    // files that must be durable before the head is used
    std::vector<Removed> foreign_;
    std::vector<Hash> leaves_;
    bool keeps_leaves_ = true;
    std::optional<std::uint64_t> lost_;
};

}
