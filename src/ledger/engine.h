// The ledger's engine: group commit, ids that are idempotent, days, checkpoints.  One thread; one engine a folder.
#pragma once

#include "ledger/commit_log.h"
#include "ledger/day_digest.h"
#include "ledger/batch_draft.h"
#include "ledger/erasure.h"
#include "ledger/identity.h"
#include "ledger/entry_index.h"
#include "ledger/known_tree.h"
#include "ledger/log_signers.h"
#include "ledger/publisher.h"
#include "ledger/recovery.h"
#include "ledger/space.h"
#include "ledger/submission.h"
#include "ledger/tree_tiles.h"
#include "ledger/wal_reader.h"
#include "tlog/policy.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace forge {

struct EngineOptions {
    std::string root;
    std::string origin{};                // used only when the ledger is made
    std::string rights{};                // what genesis says about the table of rights; empty: as recorded
    SpaceRules space{};                  // its sizes are used only when the ledger is made
    OnLoss on_loss = OnLoss::halt;
    bool accept_clock = false;           // a clock that is far ahead of the last line, whatever the kernel thinks of it
    LineObserver on_line{};              // called after the commit; must not throw
    std::string policy{};                // the file with the witnesses whose cosignatures are taken
    std::vector<KnownTree> known{};      // from outside: an older ledger, or another, is not opened
    bool accept_rollback = false;        // what of them contradicts the ledger is given up, and a ledger.incident says so
    bool require_witness = false;        // one of them must be cosigned, and of this ledger
    std::string frozen{};                // the final checkpoint of the ledger that this one follows; when it is made
    /// Lines that lost private values for good; must not throw.
    std::function<void(const std::vector<SeqSpan>&)> on_erased{};
};

/// Throws LedgerFailed from anything that writes: then the process must end, and recovery decides.
class Engine {
public:
    /// Opens the ledger or makes it; throws Error when another engine has it, ConfigError, LedgerDamaged; Refused when disk,
    /// permissions or clock do not let it just now.
    Engine(EngineOptions options, Io& io, Env& env);

    /// Durable when it returns.  One outcome for each submission; many may become several batches.
    std::vector<Outcome> commit(std::span<const Submission> submissions);

    /// Appends a line of forge-ledgerd's own; its id is made here.  Throws Refused.
    void record(const std::string& type, const std::string& event);

    /// Seals a day that is over, publishes when that is due.  Throws Refused when the disk does not let it just now.
    void tick();
    /// When tick is to be called next, at the latest.
    SteadyTime next_tick() const;
    void publish();

    const LedgerHead& head() const noexcept { return head_; }
    const Identity& identity() const noexcept { return identity_; }
    const Publisher& publisher() const noexcept { return publisher_; }
    const Space& space() const noexcept { return space_; }
    std::string tag_of(const Subject& subject) const { return values_.tag_of(subject); }

    /// Shows the observer all lines from `seq` on, as on_line would have been.
    void replay(std::uint64_t seq, const LineObserver& observer);
    /// The leaf hash of a line.
    Hash leaf(std::uint64_t seq) { return leaf_hash(line(seq)); }

    /// Private values, opened.  Throws Refused: E_INVALID for a line that is not there, E_DENIED for another's values
    /// unless `others`, which is recorded before they are given.
    std::vector<RevealedValue> reveal(const RevealRequest& request);

    /// Records that private values are to be erased, and begins with it; the rest is done by tick().  Throws Refused.
    Redacted redact(const RedactRequest& request, const std::string& user);
    /// Days whose files are still to be rewritten; 0: every erasure is finished.
    std::size_t erasing() const { return erasure_.days_left(); }

    /// Seals a day that is over and publishes.  Throws Refused.
    void seal();
    /// Appends the last line there will be and publishes; gives the final checkpoint, also when that was before.
    std::string freeze(const std::string& reason, const std::string& user);
    bool is_frozen() const noexcept { return is_frozen_; }
    /// The first line that may be lost, as found at this start with OnLoss::accept; a line of the ledger says so.
    const std::optional<std::uint64_t>& lost() const noexcept { return lost_; }

    /// What of EngineOptions::known was given up at this start.
    const std::vector<KnownTree>& given_up() const noexcept { return given_up_; }

    /// A second key signs beside the one there is; retire_key ends that, after 30 days unless forced.  Throw Refused.
    void rotate_key();
    void retire_key(const std::string& vkey, bool is_forced);
    /// Takes a checkpoint of ours with the cosignatures of witnesses.  Throws Refused when the policy knows none of them.
    void cosign(const std::string& note);
    const LogSigners& signers() const noexcept { return signers_; }
    /// Whether a witness has cosigned a tree of this ledger: one that was known when it was opened, or one since.
    bool is_witnessed() const noexcept { return is_witnessed_; }

private:
    void make_genesis();
    std::optional<WalContents> read_log();
    void start_log(const std::optional<WalContents>& found);
    void set_torn_aside(const TornFrame& torn);
    void check_clock();
    void check_known();
    void give_up(const KnownTree& known);
    bool clock_stepped_back(WallTime now) const;
    void follow_clock();
    void first_lines();
    void note_incidents(const Recovered& recovered);
    void record_incidents();

    std::size_t commit_some(std::span<const Submission> submissions, std::size_t first, std::vector<Outcome>& outcomes);
    BatchDraft begin();
    void add_seal(BatchDraft& draft);
    Outcome take(BatchDraft& draft, const Submission& submission);
    Ack take(BatchDraft& draft, const std::string& actor, const LedgerEvent& event);
    void admit(const BatchDraft& draft, const Submission& submission);
    void add_receipts(std::span<const Submission> submissions, std::vector<Outcome>& outcomes);
    void write(BatchDraft& draft);
    void reserve(const Batch& batch);
    void with_ballast(const std::function<void()>& work);
    void write_ahead(BatchDraft& draft);
    void apply(const BatchDraft& draft);
    void publish_once();
    void write_seal();
    void commit_own(const LedgerEvent& event);
    void record_key(const std::function<Json(std::uint64_t)>& event_at_size);
    void record_reveal(const RevealRequest& request, const std::vector<RevealedValue>& values);
    struct Found;
    void look_for(const RedactRequest& request, Found& found);
    void look_at_line(std::uint64_t seq, const RedactRequest& request, Found& found);
    void look_for_subject(const RedactRequest& request, Found& found);
    void look_before(const std::string& day, Found& found);
    std::optional<std::uint64_t> line_with_id(const std::string& id);
    ErasurePlan plan_of(const RedactRequest& request, const Found& found);
    std::vector<std::uint64_t> record_redaction(const RedactRequest& request, const std::string& user, const ErasurePlan& plan);
    void cover_redaction();
    void erase_some();
    void resume_erasure();
    /// What the first line of a day says of the one before, if it seals that.
    std::optional<DayNote> seal_at(std::uint64_t seq);
    void sign_days_again();
    bool digest_is_behind() const { return digest_.offset(head_.day) < head_.offset; }

    std::string line(std::uint64_t seq);
    bool has_id(std::uint64_t seq, std::string_view id);
    bool is_same(std::uint64_t seq, std::string_view line, const LedgerEvent& event);
    /// The lines of the sidecar that belong to a line; `buffer` keeps their bytes.
    std::vector<SidecarLine> sidecar_lines(const LinePlace& place, std::uint64_t seq, std::string& buffer);

    const EngineOptions options_;
    Io& io_;
    Env& env_;
    const Fd lock_;
    Identity identity_;
    DataKeys keys_;
    PrivateValues values_;
    Shards shards_;
    EntryIndex index_;
    LogSigners signers_;
    Publisher publisher_;
    TreeTiles tiles_;
    Space space_;
    DayDigest digest_;
    Erasure erasure_;
    LedgerHead head_;
    std::unique_ptr<CommitLog> log_;
    std::uint64_t waiting_bytes_ = 0;
    std::optional<std::uint64_t> lost_;
    std::vector<KnownTree> given_up_;
    std::vector<std::string> incidents_;   // events that are to be recorded
    bool clock_is_back_ = false;           // and that is recorded
    WallTime wall_seen_{};                 // both clocks, when they were looked at last
    SteadyTime steady_seen_{};
    bool is_frozen_ = false;
    bool is_witnessed_ = false;
    SteadyTime erase_after_{};
    std::optional<Refused> unpublished_;   // why publishing is not possible just now
};

}
