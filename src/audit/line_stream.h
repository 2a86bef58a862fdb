// Reads a file line by line with a bound on each.
#pragma once

#include "os/fd.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forge {

class LineStream {
public:
    /// Throws as open_regular.  `begin`: where the first line begins.
    LineStream(std::string path, std::size_t line_limit, std::uint64_t begin = 0);

    /// The next line without its LF, which lives till the next call; nothing at the end, where a line without LF is
    /// left out, and asked again gives what has come.  Throws Error for a line beyond the limit.
    std::optional<std::string_view> next();
    /// After next() gave nothing: whether bytes stand behind the last LF.
    bool has_rest() const noexcept { return at_ < buffer_.size(); }
    /// Another file stands at the path now.
    bool is_replaced() const;

private:
    bool read_more();

    std::string path_;
    std::size_t line_limit_;
    Fd file_;
    std::string buffer_;
    std::size_t at_ = 0;
};

}
