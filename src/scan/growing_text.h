// A text that still grows at its end and is forgotten at its beginning, and what looks for something in it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace forge {

/// What is at hand of a text.  Offsets, here and in what is found, are those of the whole text.
struct GrowingText {
    std::string_view text;
    std::size_t base = 0;     // the offset of its first byte
    bool ended = true;        // nothing more comes

    std::size_t end() const noexcept { return base + text.size(); }
    /// At most `size` bytes from an offset that is at hand, or none beyond the end.
    std::string_view from(std::size_t offset, std::size_t size = std::string_view::npos) const noexcept
    {
        return text.substr(std::min(offset - base, text.size()), size);
    }
};

/// Something found: the bytes [offset, offset + length).
struct StreamFinding {
    std::string_view name;   // of the rule; lives as long as the program
    std::size_t offset = 0;
    std::size_t length = 0;
};

/// How far a look at a growing text came.  Neither goes back.
struct ScanProgress {
    std::size_t safe = 0;     // every finding that begins before this was given, whatever comes
    std::size_t needed = 0;   // from here on the text must be at hand for the next look
};

/// Looks for one kind of thing in a text as it grows.  What it finds is the same for every way of cutting the text.
class StreamFinder {
public:
    virtual ~StreamFinder() = default;

    /// Looks at what was added since the last look, and appends what is found and final: by offset, none overlapping
    /// another.  After a look at an ended text, safe is its end.
    virtual ScanProgress look(const GrowingText& text, std::vector<StreamFinding>& findings) = 0;
};

}
