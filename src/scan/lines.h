// Lines and columns of a text.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace forge {

/// Both from 1; columns count bytes.
struct LineColumn {
    std::size_t line = 1;
    std::size_t column = 1;

    friend bool operator==(const LineColumn&, const LineColumn&) = default;
};

/// Finds the line of an offset in logarithmic time.  Lines end with LF.  The text must outlive it.
class LineIndex {
public:
    explicit LineIndex(std::string_view text);

    LineColumn at(std::size_t offset) const;
    /// Where a line begins; the line must exist.
    std::size_t offset(std::size_t line) const { return starts_.at(line - 1); }
    std::size_t count() const noexcept { return starts_.size(); }
    /// Without its line end (LF or CR LF); empty beyond the last line.
    std::string_view line(std::size_t number) const;

private:
    std::string_view text_;
    std::vector<std::size_t> starts_;
};

/// The line around an offset, without LF.
std::string_view line_around(std::string_view text, std::size_t offset);

}
