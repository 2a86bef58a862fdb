// Finds what any of a few patterns matches, in a text that grows.
#include "scan/pattern_finder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "scan/prefix_pattern.h"

namespace forge {

namespace {

// From a text's end, each place is one where a long repetition may have begun.
constexpr unsigned long highest_count = 16;

}

GrowingPattern::GrowingPattern(std::string_view pattern, const RegexOptions& options)
    : regex_(pattern, options), beginning_("(?:" + prefix_pattern(pattern, highest_count) + ")\\z", options)
{
}

std::size_t GrowingPattern::open_end(std::string_view text, std::size_t from) const
{
    const auto groups = beginning_.search(text, from);   // the empty end, if no other
    return static_cast<std::size_t>((*groups)[0]->data() - text.data());
}

PatternFinder::PatternFinder(std::vector<const GrowingPattern*> patterns, std::size_t group, std::size_t reach)
    : patterns_(std::move(patterns)), group_(group), reach_(reach), from_(patterns_.size())
{
}

ScanProgress PatternFinder::look(const GrowingText& text, std::vector<Match>& matches, std::size_t most)
{
    constexpr std::size_t look_behind = 8;   // a character before, for \b and ^
    auto safe = text.end();
    auto needed = text.end();
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
        safe = std::min(safe, look_for(i, text, most));
        needed = std::min(needed, from_[i]);
    }
    std::ranges::sort(found_, [](const Match& a, const Match& b) {
        return a.offset != b.offset ? a.offset < b.offset : a.pattern < b.pattern;
    });
    const auto open = text.ended ? found_.end() : std::ranges::find_if(found_, [&](const Match& match) {
        return match.offset >= safe;
    });
    matches.insert(matches.end(), found_.begin(), open);
    found_.erase(found_.begin(), open);
    return {safe, needed - std::min(needed, look_behind)};
}

// A match that begins before what may still go on is final: an earlier or longer one would have to go on itself.
std::size_t PatternFinder::look_for(std::size_t pattern, const GrowingText& text, std::size_t most)
{
    auto& from = from_[pattern];
    const auto local = [&](std::size_t offset) { return offset - text.base; };
    auto open = text.end();
    if (!text.ended)
        open = text.base
             + patterns_[pattern]->open_end(text.text, local(std::max(from, open - std::min(text.text.size(), reach_))));
    for (std::size_t count = 0; count < most; ++count) {
        const auto groups = patterns_[pattern]->regex().search(text.text, local(from));
        if (!groups)
            break;
        const auto start = text.base + static_cast<std::size_t>((*groups)[0]->data() - text.text.data());
        if (start >= open && !text.ended)
            break;
        const auto found = *(*groups)[group_];
        const auto offset = text.base + static_cast<std::size_t>(found.data() - text.text.data());
        found_.push_back({pattern, offset, found.size()});
        from = offset + std::max<std::size_t>(found.size(), 1);
        // A match may share what must stand before it with the one before: what is open may begin earlier now.
        if (!text.ended && from > open)
            open = text.base + patterns_[pattern]->open_end(text.text, local(std::min(from, text.end())));
    }
    from = std::max(from, open);
    return open;
}

}
