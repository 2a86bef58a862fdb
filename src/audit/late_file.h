// A file of lines that a writer may make, lengthen or replace while it is read.
#pragma once

#include "audit/flaws.h"
#include "audit/line_stream.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace forge {

class LateFile {
public:
    LateFile(std::string root, std::size_t line_limit, Flaws& findings)
        : root_(std::move(root)), line_limit_(line_limit), findings_(findings) {}

    /// Below the root; it need not be there.
    void begin(std::string file);
    /// The next line, as LineStream::next gives it; what is no file of lines is found, once.
    std::optional<std::string_view> next();

    const std::string& file() const noexcept { return file_; }
    /// Of the line that next() gave last: its number, where it begins, and its bytes.
    std::uint64_t line() const noexcept { return line_; }
    std::uint64_t offset() const noexcept { return offset_; }
    std::size_t size() const noexcept { return size_; }
    /// Another file stands in its place now.
    bool is_replaced() const { return lines_ && lines_->is_replaced(); }
    /// Goes on there, behind as many bytes.
    void follow() { lines_.reset(); }
    std::string path() const { return root_ + "/" + file_; }

private:
    const std::string root_;
    const std::size_t line_limit_;
    Flaws& findings_;
    std::string file_;
    std::unique_ptr<LineStream> lines_;
    bool is_unreadable_ = false;
    std::uint64_t line_ = 0;
    std::uint64_t offset_ = 0;
    std::size_t size_ = 0;
};

}
