// The private values: each commitment has its encrypted value in the sidecar, which is the one that was committed to, or a
// redaction in the ledger that covers it.
#pragma once

#include "audit/flaws.h"
#include "audit/stored_values.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

class PrivateCheck {
public:
    /// Looks at nothing when private/ may not be read: then commitments are only counted.  `is_asked`: lines with private
    /// values will be given.
    PrivateCheck(std::string root, bool is_asked, Flaws& findings);

    /// The lines that follow are of this day's shard.
    void begin_day(const std::string& day);
    /// A line with private values, and its hash; lines come in order.
    void add(std::uint64_t seq, std::string_view priv, const Hash& leaf, const std::string& file, std::uint64_t line);
    /// The event of a ledger.redaction line; throws Error when it has another form.
    void add_redaction(std::string_view event);
    /// After finish(): a redaction names the line itself, by the field "event" or without fields.
    bool is_line_redacted(std::uint64_t seq) const { return is_redacted(seq, "event"); }
    /// All lines were seen: notes what is missing and not redacted.  A frozen ledger's private/ may be gone as a whole.
    void finish(bool is_frozen);

    std::uint64_t values() const noexcept { return values_; }
    std::uint64_t erased() const noexcept { return erased_; }
    std::uint64_t not_looked_at() const noexcept { return not_looked_at_; }
    /// Of the values that are there, those that could not be opened for want of the key-encryption key.
    std::uint64_t unopened() const noexcept { return stored_.unopened(); }
    /// What else there is to say of them.
    std::vector<std::string> warnings() const;

private:
    struct Missing {
        std::uint64_t seq;
        std::uint64_t line;
        std::uint64_t value_line;   // in the sidecar, where its data key is not there; else 0
        std::uint32_t name;         // ordinals in names_ and files_
        std::uint32_t file;
    };
    enum class Folder { readable, forbidden, gone };
    struct Files {
        std::string shard, sidecar, keys;
    };
    struct Orphan {
        std::string file;
        std::uint64_t line;
        std::uint64_t seq;
    };
    struct Span {
        std::uint64_t first;
        std::uint64_t last;
    };
    void pass_orphan();
    void note_missing(std::uint64_t seq, std::uint64_t line, const std::string& name, const std::string& shard,
                      std::uint64_t value_line);
    void merge_redactions();
    void find_missing();
    bool is_redacted(std::uint64_t seq, const std::string& name) const;

    std::string root_;
    Flaws& findings_;
    Folder folder_;
    StoredValues stored_;
    std::vector<Orphan> orphans_;         // values that no line commits to
    std::map<std::string, std::uint32_t> names_;
    std::vector<Files> files_;
    std::vector<Missing> missing_;
    std::map<std::string, std::vector<Span>> redacted_;   // by name; "" for all names
    std::uint64_t values_ = 0;
    std::uint64_t erased_ = 0;
    std::uint64_t not_looked_at_ = 0;
    bool is_erased_whole_ = false;
};

}
