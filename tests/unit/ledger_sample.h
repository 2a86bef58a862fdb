// A ledger made for tests: the files of docs/LEDGER-FORMAT.md in a folder, as forge-ledgerd would leave them.
#pragma once

#include "ledger/day_note.h"
#include "ledger/event_index.h"
#include "tlog/merkle.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace forge::test {

class LedgerSample {
public:
    struct Line {
        std::string id;
        std::string type;
        std::string event;                     // canonical JSON
        std::vector<std::string> priv{};       // names of private values
        std::string subject{};                 // 64 hex digits
    };

    /// Of a line's text, before it is hashed and signed: for what nobody should sign.
    using Change = std::function<std::string(std::string)>;

    /// Makes the folders, the key and the first line.
    explicit LedgerSample(std::string root, std::string day = "2026-11-20", Change change = {});
    LedgerSample(const LedgerSample&) = delete;
    LedgerSample& operator=(const LedgerSample&) = delete;
    ~LedgerSample();

    /// Appends a line to the shard, the sidecar and the index; gives its seq.
    std::uint64_t add(const Line& line);
    /// run.started, and run.finished unless the status is empty.
    void add_run(const std::string& run, const std::string& template_id, const std::string& status,
                 const std::string& profile = "vault", const std::string& subject = std::string(64, 'a'));
    /// The lines that follow are of this day; seals the one before and writes its note, after `change`.
    void begin_day(const std::string& day, const std::function<void(DayNote&)>& change = {});
    void change_next_line(Change change) { change_ = std::move(change); }
    /// Signs a checkpoint of all lines.
    void publish();

    const std::string& root() const { return root_; }
    std::string shard() const { return "events-" + day_ + ".jsonl"; }
    std::string day() const { return day_; }
    std::uint64_t size() const { return tree_.size(); }
    const NoteSigner& signer() const { return signer_; }
    const std::vector<std::string>& lines() const { return lines_; }
    Hash root_hash() const { return tree_.root(); }
    /// Closes the index, as when the engine stops.
    void close_index() { index_.reset(); }

private:
    void write(const std::string& file, const std::string& text);
    void write_value(std::uint64_t seq, const std::string& name, const std::string& id);

    std::string root_;
    NoteSigner signer_;
    std::string day_;
    std::string shard_text_;
    std::uint64_t first_ = 0;
    Change change_;
    CompactRange tree_;
    Hash last_leaf_{};
    std::uint64_t micros_ = 0;
    std::vector<std::string> lines_;
    std::unique_ptr<EventIndexWriter> index_;
};

/// 60 lines over three days, with runs, a checkpoint after each tenth line and one at the end.
void fill_sample(LedgerSample& sample);

}
