// The lines of a file one after the other, from an offset on.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace forge {

class LineReader {
public:
    using Read = std::function<std::string(std::uint64_t offset, std::size_t size)>;
    LineReader(Read read, std::uint64_t offset) : read_(std::move(read)), offset_(offset) {}

    /// The line at offset(), without its LF; nothing when no whole line is left.  Good until the next call.
    std::optional<std::string_view> peek();
    void skip(std::size_t line_size)
    {
        begin_ += line_size + 1;
        offset_ += line_size + 1;
    }
    std::uint64_t offset() const noexcept { return offset_; }

private:
    const Read read_;
    std::uint64_t offset_;
    std::string buffer_;
    std::size_t begin_ = 0;
};

}
