// One run over a ledger: reads its lines in order, then compares them with all that was signed.
#pragma once

#include "audit/block_checker.h"
#include "audit/checkpoint_history.h"
#include "audit/folder_check.h"
#include "audit/ledger_days.h"
#include "audit/side_notes.h"
#include "audit/tile_check.h"
#include "audit/unique_ids.h"
#include "audit/verify.h"
#include "audit/verify_days.h"
#include "audit/verify_order.h"
#include "audit/verify_private.h"
#include "ledger/shard_reader.h"
#include "lib/json.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace forge {

/// For one call of run(); the report gets everything.
class Verification {
public:
    Verification(const VerifyOptions& options, LogKeys keys, VerifyReport& report);
    void run();

private:
    void read_what_is_there();
    void read_on(std::uint64_t size);
    void begin_shard(const LedgerDay& day, bool is_sealed);
    void read_shard(const LedgerDay& day, bool is_sealed);
    void read_shard_or_pass(const std::vector<LedgerDay>& days, std::size_t at);
    void add_known_lines(std::uint64_t end);
    void pass_quarantined(const std::vector<LedgerDay>& days, std::size_t at);
    std::uint64_t end_of_quarantined(const std::vector<LedgerDay>& days, std::size_t at);
    bool is_full() const { return options_.thoroughness == Thoroughness::full; }
    void end_shard();
    std::vector<LedgerDay> days_after(const std::string& day);
    void drain(std::uint64_t limit);
    void look_at(const CheckedLine& line);
    void look_at_own(const CheckedLine& line);
    void look_at_seal(const CheckedLine& line);
    void look_at_key(const CheckedLine& line, std::uint64_t number);
    void compare_history();
    void resume();

    std::optional<Checkpoint> read_checkpoint();
    std::optional<Checkpoint> covering_checkpoint();
    void compare_newest(const std::optional<Checkpoint>& newest);
    void check_uncovered(std::uint64_t size);
    void found_uncovered(std::uint64_t size, const std::string& why);
    bool is_line_whole();
    void take_note(const std::string& file, std::uint64_t size, const std::vector<std::string>& signers);
    void check_keys();
    void check_signers();
    void check_tombstones();
    void check_days(std::uint64_t size);
    void check_history(const Checkpoint& newest);
    bool comes_in_time(std::uint64_t size);
    void find_repeated_ids();
    void fill_report();
    void found(FlawKind kind, std::uint64_t line, std::string reason)
    {
        report_.findings.add(kind, order_.file(), line, std::move(reason));
    }

    const VerifyOptions& options_;
    const LogKeys keys_;
    VerifyReport& report_;
    CheckpointHistory history_;
    TileCheck tiles_;
    LineOrder order_;
    PrivateCheck private_;
    UniqueIds ids_;
    BlockChecker blocks_;
    std::optional<FolderCheck> folder_;      // neither when it goes on from an earlier one
    std::optional<SideNotes> beside_;
    std::optional<ShardReader> reader_;
    std::string uuid_;                       // as ledger.genesis says
    std::string day_;
    std::uint64_t first_seq_ = 0;            // of the shard
    std::uint64_t day_bytes_ = 0;            // of its lines that were looked at: the reader may be further
    std::optional<ShardFacts> sealed_;       // the shard before
    std::vector<DayNote> seals_;
    TreeKeys keys_in_tree_;
    std::vector<std::string> newest_signers_;           // of the checkpoint that is compared
    std::map<std::string, std::string> wrong_signers_;  // what is wrong, by file
    struct Tombstone {
        std::uint64_t seq;
        std::string file;
        std::uint64_t line;
    };
    std::vector<Tombstone> tombstones_;
    bool is_shard_whole_ = true;
    bool is_frozen_ = false;
    std::uint64_t bytes_total_ = 0;
    std::optional<Checkpoint> last_in_history_;
    std::string note_;                          // of the checkpoint as it was read last, when it holds
    std::optional<Checkpoint> opened_;          // that one
};

}
