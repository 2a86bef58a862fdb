// The lines of a file.
#include "ledger/line_reader.h"

namespace forge {

std::optional<std::string_view> LineReader::peek()
{
    constexpr std::size_t block_size = 1U << 20;
    auto end = buffer_.find('\n', begin_);
    while (end == std::string::npos) {
        buffer_.erase(0, begin_);
        begin_ = 0;
        const std::string more = read_(offset_ + buffer_.size(), block_size);
        if (more.empty())
            return std::nullopt;
        const std::size_t searched = buffer_.size();
        buffer_ += more;
        end = buffer_.find('\n', searched);
    }
    return std::string_view{buffer_}.substr(begin_, end - begin_);
}

}
