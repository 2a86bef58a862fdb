// Publishing: the signed checkpoint, its history, the notes of sealed days, and the head for a quick start.
#pragma once

#include "ledger/day_note.h"
#include "ledger/env.h"
#include "ledger/growing_file.h"
#include "ledger/head.h"
#include "ledger/identity.h"
#include "ledger/log_signers.h"
#include "tlog/checkpoint.h"

#include <optional>
#include <string>
#include <vector>

namespace forge {

/// A commit is covered by a published checkpoint at most this long afterwards.
constexpr Millis publish_within{1000};

/// Errors are those of GrowingFile.  Signs only what the caller says is durable.
class Publisher {
public:
    Publisher(Io& io, Env& env, std::string root, const Identity& identity, const LogSigners& signers,
              std::optional<Checkpoint> newest);

    /// Lines up to `size` are durable.
    void note_commit(std::uint64_t size);
    /// A day's shard has got its last line and its seal is durable.
    void note_sealed(DayNote note) { sealed_.push_back(std::move(note)); }

    /// When publish is to be called; nothing while there is nothing to publish.
    std::optional<SteadyTime> due() const noexcept { return due_; }
    void publish(const LedgerHead& head);
    /// The note of a checkpoint over what is durable.
    std::string signed_checkpoint(const LedgerHead& head) const;
    /// Puts signature lines of witnesses, which were checked, to a checkpoint that was published: into `checkpoint` while
    /// it is the newest, and into `checkpoint.cosigned` when that has none of a larger tree.
    void add_cosignatures(std::string_view text, const std::string& lines);
    /// What is to be published is due now: at start, when a crash may have prevented it.
    void hurry() { if (due_) due_ = env_.steady(); }
    /// Tries again later.
    void postpone() { due_ = env_.steady() + publish_within; }

    std::uint64_t size() const noexcept { return newest_ ? newest_->size : 0; }
    const std::optional<Checkpoint>& newest() const noexcept { return newest_; }
    WallTime time() const noexcept { return time_; }

private:
    void sign_days();
    void append_history(const std::string& note, const std::string& day);

    Io& io_;
    Env& env_;
    const std::string root_;
    const Identity& identity_;
    const LogSigners& signers_;
    std::optional<Checkpoint> newest_;
    WallTime time_{};
    std::optional<SteadyTime> due_;
    std::vector<DayNote> sealed_;
};

}
