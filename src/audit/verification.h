// One run over a ledger: reads its lines in order, then compares them with all that was signed.
#pragma once

#include "audit/block_checker.h"
#include "audit/checkpoint_history.h"
#include "audit/unique_ids.h"
#include "audit/verify.h"
#include "audit/verify_days.h"
#include "audit/verify_order.h"
#include "audit/verify_private.h"
#include "ledger/shard_reader.h"
#include "lib/json.h"

#include <optional>
#include <string>
#include <vector>

namespace forge {

/// "events-2026-11-23.jsonl"
std::string shard_file(const std::string& day);

/// For one call of run(); the report gets everything.
class Verification {
public:
    Verification(const VerifyOptions& options, VerifierKey key, VerifyReport& report);
    void run();

private:
    void read_what_is_there();
    void read_on(std::uint64_t size);
    void begin_shard(const std::string& day, bool is_sealed);
    bool is_full() const { return options_.thoroughness == Thoroughness::full; }
    void end_shard();
    std::vector<std::string> days_after(const std::string& day);
    void drain(std::uint64_t limit);
    void look_at(const CheckedLine& line);
    void look_at_own(const CheckedLine& line);
    void look_at_seal(const CheckedLine& line);
    void look_at_key(const Json& event, std::uint64_t number);
    void compare_history();

    std::optional<Checkpoint> read_checkpoint();
    std::optional<Checkpoint> covering_checkpoint();
    void compare_newest(const std::optional<Checkpoint>& newest);
    void wait_for_line_end();
    void check_keys();
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
    const VerifierKey key_;
    VerifyReport& report_;
    CheckpointHistory history_;
    LineOrder order_;
    PrivateCheck private_;
    UniqueIds ids_;
    BlockChecker blocks_;
    std::optional<ShardReader> reader_;
    std::string day_;
    std::uint64_t first_seq_ = 0;            // of the shard
    std::optional<ShardFacts> sealed_;       // the shard before
    std::vector<DayNote> seals_;
    std::vector<std::string> keys_in_tree_;
    std::uint64_t bytes_total_ = 0;
    std::optional<Checkpoint> last_in_history_;
};

}
