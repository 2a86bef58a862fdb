// Reads a file line by line.
#include "audit/line_stream.h"

#include "base/error.h"
#include "os/file.h"

#include <sys/stat.h>
#include <unistd.h>

namespace forge {

namespace {

constexpr std::size_t read_size = 256U << 10;

}

LineStream::LineStream(std::string path, std::size_t line_limit, std::uint64_t begin)
    : path_(std::move(path)), line_limit_(line_limit), file_(open_regular(path_))
{
    if (::lseek(file_.get(), static_cast<off_t>(begin), SEEK_SET) < 0)
        throw errno_error("seek in " + path_);
}

std::optional<std::string_view> LineStream::next()
{
    std::size_t looked_at = at_;
    for (;;) {
        if (const auto end = buffer_.find('\n', looked_at); end != buffer_.npos) {
            const auto line = std::string_view{buffer_}.substr(at_, end - at_);
            at_ = end + 1;
            return line;
        }
        if (buffer_.size() - at_ > line_limit_)
            throw Error(path_ + " has a line longer than " + std::to_string(line_limit_) + " bytes");
        looked_at = buffer_.size() - at_;
        if (!read_more())
            return std::nullopt;
    }
}

bool LineStream::is_replaced() const
{
    struct stat opened {}, now {};
    if (::fstat(file_.get(), &opened) != 0)
        throw errno_error("fstat " + path_);
    return ::stat(path_.c_str(), &now) == 0 && now.st_ino != opened.st_ino;
}

// Moves what is left to the begin of the buffer and reads behind it.
bool LineStream::read_more()
{
    buffer_.erase(0, at_);
    at_ = 0;
    const std::size_t kept = buffer_.size();
    buffer_.resize(kept + read_size);
    const ssize_t count = ::read(file_.get(), buffer_.data() + kept, read_size);
    if (count < 0)
        throw errno_error("read " + path_);
    buffer_.resize(kept + static_cast<std::size_t>(count));
    return count > 0;
}

}
