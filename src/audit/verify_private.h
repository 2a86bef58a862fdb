// The private values: each commitment has its encrypted value in the sidecar and the key to it, or a redaction in the
// ledger that covers it.
#pragma once

#include "audit/flaws.h"
#include "audit/line_stream.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace forge {

class PrivateCheck {
public:
    /// Looks at nothing when private/ cannot be read: then commitments are only counted.
    PrivateCheck(std::string root, Flaws& findings);

    /// The lines that follow are of this day's shard.
    void begin_day(const std::string& day);
    /// A line with private values; lines come in order.
    void add(std::uint64_t seq, std::string_view priv, const std::string& file, std::uint64_t line);
    /// The event of a ledger.redaction line; throws Error when it has another form.
    void add_redaction(std::string_view event);
    /// After finish(): a redaction names the line itself, by the field "event" or without fields.
    bool is_line_redacted(std::uint64_t seq) const { return is_redacted(seq, "event"); }
    /// All lines were seen: notes what is missing and not redacted.
    void finish();

    std::uint64_t values() const noexcept { return values_; }
    std::uint64_t erased() const noexcept { return erased_; }
    std::uint64_t not_looked_at() const noexcept { return not_looked_at_; }

private:
    struct Stored {
        std::uint64_t seq;
        std::string name;
        bool has_key;
    };
    struct Missing {
        std::uint64_t seq;
        std::uint64_t line;
        std::uint32_t name;   // ordinals in names_ and files_
        std::uint32_t file;
    };
    struct Span {
        std::uint64_t first;
        std::uint64_t last;
    };
    void read_next();
    std::optional<std::string_view> next_line(std::unique_ptr<LineStream>& lines, const std::string& file,
                                              std::size_t limit);
    bool has_key(const std::string& id);
    bool is_redacted(std::uint64_t seq, const std::string& name) const;

    std::string root_;
    Flaws& findings_;
    bool is_readable_;
    std::unique_ptr<LineStream> sidecar_;
    std::string sidecar_file_;
    std::uint64_t sidecar_line_ = 0;
    std::optional<Stored> next_;
    std::unique_ptr<LineStream> key_lines_;
    std::string key_file_;
    std::unordered_set<std::string> keys_;
    std::map<std::string, std::uint32_t> names_;
    std::vector<std::string> files_;
    std::vector<Missing> missing_;
    std::map<std::string, std::vector<Span>> redacted_;   // by name; "" for all names
    std::uint64_t values_ = 0;
    std::uint64_t erased_ = 0;
    std::uint64_t not_looked_at_ = 0;
};

}
