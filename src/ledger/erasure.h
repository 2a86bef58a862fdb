// Erasing private values: first it is noted what is to go, then the ledger records it, then it goes, one
// day's sidecar at a time.  A crash in between leaves an erasure that was not begun, or one that is finished after the
// next start.
#pragma once

#include "ledger/private_values.h"
#include "ledger/shards.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

struct SeqSpan {
    std::uint64_t first;
    std::uint64_t last;
};

/// Spans of numbers that are sorted here, neighbours joined.
std::vector<SeqSpan> spans_of(std::vector<std::uint64_t> seqs);

/// What is to go.
struct ErasurePlan {
    std::string id{};                    // of the (first) ledger.redaction line: the erasure holds once that is there
    std::vector<SeqSpan> seqs{};         // in order
    std::vector<std::string> fields{};   // names of values; empty: all
    std::vector<std::string> days{};     // whose sidecars hold them, or values under the same keys
    /// Data keys by month: what remains under them gets new ones, and they are destroyed.
    std::map<std::string, std::vector<std::string>> keys{};
    /// Nothing remains under these keys: they go first.
    bool keys_first = false;
    std::vector<std::string> months{};   // all keys of which are destroyed

    bool covers(std::uint64_t seq, std::string_view name) const;
    std::string serialise() const;
    /// Throws Error for anything else.
    static ErasurePlan parse(std::string_view text);
};

/// Errors are those of rethrow_classified.  A sidecar keeps its length, so that no offset into it changes; one of an
/// earlier day is removed when nothing is left in it.
class Erasure {
public:
    using LeafOf = std::function<Hash(std::uint64_t seq)>;
    Erasure(Io& io, const std::string& root, DataKeys& keys, PrivateValues& values, Shards& shards, LeafOf leaf);

    /// Begins with what was planned: from here on step() is to be called until is_idle().  Where `is_recorded` says that
    /// the ledger has no such line, the plan is dropped.
    void resume(const std::function<bool(const std::string& id)>& is_recorded);
    /// Notes durably what is to go.
    void plan(ErasurePlan plan);
    /// Forgets the plan: the ledger did not take the record, or all is done.
    void drop();
    /// Some of the work.  `today`: the day whose sidecar may still grow.  True when that was the last of it.
    bool step(const std::string& today);

    bool is_idle() const noexcept { return !is_begun_; }
    std::size_t days_left() const noexcept { return is_begun_ ? plan_.days.size() - next_ + 1 : 0; }
    const ErasurePlan& current() const noexcept { return plan_; }

private:
    void begin();
    void retire_keys();
    void destroy_keys();
    void rewrite(const std::string& day, bool is_today);
    std::string rewritten(const std::string& text, const std::string& day, std::size_t& kept);
    std::string resealed(const SidecarLine& value, std::string_view line, const std::string& day);

    Io& io_;
    const std::string path_;
    const std::string root_;
    DataKeys& keys_;
    PrivateValues& values_;
    Shards& shards_;
    const LeafOf leaf_;
    ErasurePlan plan_;
    std::size_t next_ = 0;   // of the plan's days
    bool is_begun_ = false;
};

}
