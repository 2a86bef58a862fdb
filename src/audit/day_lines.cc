// The lines of a day, gathered from several sources.
#include "audit/day_lines.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "tlog/slices.h"

namespace forge {

namespace {

constexpr std::size_t candidates_limit = 1U << 16, candidates_limit_bytes = 64U << 20;   // of one source

std::uint64_t begin_of(const Hash& hash)
{
    std::uint64_t begin = 0;
    std::memcpy(&begin, hash.data(), sizeof begin);
    return begin;
}

}

DayLines::DayLines(SeqRange range, AuthenticLeaves& leaves, const std::string& folder)
    : range_(range), leaves_(leaves), file_(open_file(folder, O_TMPFILE | O_RDWR, 0600)), places_(range.size())
{
    for (std::uint64_t seq = range_.begin; seq < range_.end; ++seq)
        if (const auto leaf = leaves_.at(seq))
            known_.push_back({begin_of(*leaf), seq});
    std::sort(known_.begin(), known_.end(), [](const Known& a, const Known& b) {
        return std::pair{a.begin_of_hash, a.seq} < std::pair{b.begin_of_hash, b.seq};
    });
}

void DayLines::begin_source(std::string name)
{
    names_.push_back(std::move(name));
    source_candidates_ = source_bytes_ = 0;   // what one source has too much takes nothing from the others
}

void DayLines::add(std::string_view line)
{
    const Hash leaf = leaf_hash(line);
    const auto source = static_cast<std::uint32_t>(names_.size() - 1);
    auto found = std::lower_bound(known_.begin(), known_.end(), begin_of(leaf),
                                  [](const Known& known, std::uint64_t begin) { return known.begin_of_hash < begin; });
    for (; found != known_.end() && found->begin_of_hash == begin_of(leaf); ++found)
        if (!has(found->seq) && leaves_.at(found->seq) == leaf)
            return take(found->seq, line, source);
    if (known_.size() == places_.size())
        return;
    const auto seq = parse_unsigned(member_of(line, "seq"));
    if (seq && *seq >= range_.begin && *seq < range_.end && !has(*seq) && !leaves_.at(*seq)
        && source_candidates_ < candidates_limit && source_bytes_ + line.size() <= candidates_limit_bytes) {
        ++source_candidates_;
        source_bytes_ += line.size();
        candidates_.emplace(*seq, Candidate{std::string{line}, source});
    }
}

void DayLines::take(std::uint64_t seq, std::string_view line, std::uint32_t source)
{
    places_[seq - range_.begin] = {file_size_, static_cast<std::uint32_t>(line.size()), source};
    write_all(file_.get(), line, "a file of lines to be put back");
    file_size_ += line.size();
}

void DayLines::settle()
{
    for (std::uint64_t seq = range_.end; !candidates_.empty() && seq-- > range_.begin;) {
        if (has(seq))
            continue;
        std::string prev;
        if (seq + 1 < range_.end && has(seq + 1))
            prev = plain_text(member_of(line(seq + 1), "prev")).value_or("");
        const auto [first, last] = candidates_.equal_range(seq);
        for (auto candidate = first; candidate != last && !has(seq); ++candidate)
            if (hex(leaf_hash(candidate->second.line)) == prev)
                take(seq, candidate->second.line, candidate->second.source);
    }
}

bool DayLines::is_complete() const
{
    return std::ranges::none_of(places_, [](const Place& place) { return place.source == none; });
}

std::vector<SeqRange> DayLines::ranges_where(std::uint32_t source) const
{
    std::vector<SeqRange> ranges;
    for (std::uint64_t seq = range_.begin; seq < range_.end; ++seq) {
        if (places_[seq - range_.begin].source != source)
            continue;
        if (!ranges.empty() && ranges.back().end == seq)
            ++ranges.back().end;
        else
            ranges.push_back({seq, seq + 1});
    }
    return ranges;
}

std::vector<SeqRange> DayLines::missing() const
{
    return ranges_where(none);
}

std::vector<std::pair<std::string, std::vector<SeqRange>>> DayLines::sources() const
{
    std::vector<std::pair<std::string, std::vector<SeqRange>>> all;
    for (std::size_t i = 0; i < names_.size(); ++i)
        if (auto ranges = ranges_where(static_cast<std::uint32_t>(i)); !ranges.empty())
            all.emplace_back(names_[i], std::move(ranges));
    return all;
}

std::string DayLines::line(std::uint64_t seq) const
{
    const Place& place = places_[seq - range_.begin];
    std::string text(place.size, '\0');
    if (::pread(file_.get(), text.data(), text.size(), static_cast<off_t>(place.offset))
        != static_cast<ssize_t>(text.size()))
        throw Error("a file of lines to be put back cannot be read");
    return text;
}

}
