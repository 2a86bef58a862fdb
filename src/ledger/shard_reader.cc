// Reads a shard in blocks of whole lines.
#include "ledger/shard_reader.h"

#include "base/error.h"
#include "base/text.h"
#include "ledger/entry.h"
#include "os/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace forge {

namespace {

constexpr std::size_t block_size = 1U << 20;

}

ShardReader::ShardReader(std::string path) : path_(std::move(path)), file_(open_file(path_, O_RDONLY | O_NOFOLLOW)) {}

std::string_view ShardReader::next()
{
    buffer_.erase(0, given_);
    given_ = 0;
    const std::size_t kept = buffer_.size();
    buffer_.resize(kept + block_size);
    const ssize_t count = ::read(file_.get(), buffer_.data() + kept, block_size);
    if (count < 0)
        throw errno_error("read " + path_);
    buffer_.resize(kept + static_cast<std::size_t>(count));
    const auto last = buffer_.rfind('\n');
    given_ = last != buffer_.npos ? last + 1 : buffer_.size() > 2 * line_limit ? buffer_.size() : 0;
    const auto block = std::string_view{buffer_}.substr(0, given_);
    bytes_ += block.size();
    hash_.update(block);
    return block;
}

std::string ShardReader::digest()
{
    return hex(hash_.finish());
}

std::uint64_t ShardReader::file_size() const
{
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0)
        throw errno_error("fstat " + path_);
    return static_cast<std::uint64_t>(status.st_size);
}

}
