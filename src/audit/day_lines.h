// The lines of a day, gathered from several sources: a line is taken when its hash is the one that the tree has at its
// place, wherever it comes from.
#pragma once

#include "audit/ledger_view.h"
#include "os/fd.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

class DayLines {
public:
    /// Accepted lines go into a file without a name in `folder`.  Throws SystemError.
    DayLines(SeqRange range, AuthenticLeaves& leaves, const std::string& folder);

    /// The lines that follow come from this source.
    void begin_source(std::string name);
    void add(std::string_view line);
    /// Takes what could not be judged before: each accepted line has the hash of the one before it.
    void settle();

    const SeqRange& range() const noexcept { return range_; }
    bool is_complete() const;
    std::vector<SeqRange> missing() const;
    /// What each source gave, in their order, those without anything left out.
    std::vector<std::pair<std::string, std::vector<SeqRange>>> sources() const;
    /// An accepted line, without LF.
    std::string line(std::uint64_t seq) const;
    bool has(std::uint64_t seq) const { return places_[seq - range_.begin].source != none; }
    std::uint32_t size_of(std::uint64_t seq) const { return places_[seq - range_.begin].size; }

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    struct Place {
        std::uint64_t offset = 0;
        std::uint32_t size = 0;
        std::uint32_t source = none;
    };
    struct Known {
        std::uint64_t begin_of_hash;
        std::uint64_t seq;
    };
    struct Candidate {
        std::string line;
        std::uint32_t source;
    };
    void take(std::uint64_t seq, std::string_view line, std::uint32_t source);
    std::vector<SeqRange> ranges_where(std::uint32_t source) const;

    const SeqRange range_;
    AuthenticLeaves& leaves_;
    Fd file_;
    std::uint64_t file_size_ = 0;
    std::vector<Place> places_;
    std::vector<Known> known_;                                  // sorted
    std::multimap<std::uint64_t, Candidate> candidates_;        // for places of which no tile tells the hash
    std::uint64_t source_candidates_ = 0, source_bytes_ = 0;    // of the source that is being read
    std::vector<std::string> names_;
};

}
