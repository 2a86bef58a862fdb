// Finds what any of a few patterns matches, in a text that grows.
#pragma once

#include "lib/regex.h"
#include "scan/growing_text.h"

#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

namespace forge {

/// A pattern, compiled, and the one of what its matches begin with.
class GrowingPattern {
public:
    GrowingPattern(std::string_view pattern, const RegexOptions& options);

    const Regex& regex() const { return regex_; }
    /// Where the longest end of the text stands that may go on to be a match; not before `from`.
    std::size_t open_end(std::string_view text, std::size_t from) const;

private:
    Regex regex_;
    Regex beginning_;   // at the end of a text
};

/// Matches of one pattern follow each other as in a search from left to right; those of several may overlap.
class PatternFinder {
public:
    struct Match {
        std::size_t pattern = 0;
        std::size_t offset = 0;
        std::size_t length = 0;    // of the group asked for
    };

    /// Matches that are longer than `reach` may be missed, unless the text is looked at whole: no more than that is
    /// held back.  The patterns must outlive it.
    PatternFinder(std::vector<const GrowingPattern*> patterns, std::size_t group, std::size_t reach);

    /// As StreamFinder::look, with each match that is final, by offset, then by pattern; of one pattern at most `most`.
    /// What is safe is so for the whole match: its group may begin later.
    ScanProgress look(const GrowingText& text, std::vector<Match>& matches,
                      std::size_t most = std::numeric_limits<std::size_t>::max());

private:
    std::size_t look_for(std::size_t pattern, const GrowingText& text, std::size_t most);

    std::vector<const GrowingPattern*> patterns_;
    std::size_t group_;
    std::size_t reach_;
    std::vector<std::size_t> from_;   // by pattern: no match begins before this but those that were found
    std::vector<Match> found_;        // not given yet
};

}
