// The private values as a day's sidecar has them, opened and compared with what the lines commit to.
#pragma once

#include "audit/value_keys.h"
#include "ledger/entry.h"

namespace forge {

class StoredValues {
public:
    enum class Verdict {
        there,     // it is what was committed to, or could not be opened
        changed,   // noted; found by finish()
        gone,      // erased
        keyless,   // its data key is not there
    };

    StoredValues(const std::string& root, Flaws& findings);

    void begin_day(const std::string& day);
    /// The next value, which has one form; nothing at the end, or as far as the writer has come.
    const ValueLine* current();
    void advance() { value_.reset(); }
    /// Where that value stands.
    const std::string& file() const noexcept { return lines_.file(); }
    std::uint64_t line() const noexcept { return lines_.line(); }
    const std::string& key_file() const noexcept { return keys_.file(); }

    /// The current value is that of a commitment in this line of a shard, which has this hash.
    Verdict check(const Commitment& commitment, const Hash& leaf, const std::string& shard, std::uint64_t shard_line);
    /// Of values that were there, those that could not be opened for want of state/kek.
    std::uint64_t unopened() const noexcept { return unopened_; }
    /// All lines were seen: notes what was changed, unless the line itself was.
    void finish();

private:
    struct Changed {
        std::string shard;
        std::uint64_t shard_line;
        std::string file;
        std::uint64_t line;
        std::string reason;
    };
    Verdict open(const ValueLine& value, const Commitment& commitment, const Hash& leaf, std::string& reason);
    std::optional<std::string_view> next_line();
    std::optional<std::string> read_anew() const;

    Flaws& findings_;
    ValueKeys keys_;
    LateFile lines_;
    std::optional<ValueLine> value_;
    std::uint64_t unopened_ = 0;
    std::vector<Changed> changed_;
};

}
