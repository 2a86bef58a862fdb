// Reads a shard in blocks of whole lines.
#include "ledger/shard_reader.h"

#include "base/error.h"
#include "base/text.h"
#include "ledger/entry.h"
#include "os/file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t block_size = 1U << 20;
constexpr std::size_t smallest_block = 16U << 10;   // where the file seems to end, but may grow

}

ShardReader::ShardReader(std::string path, bool hashes)
    : path_(std::move(path)), hashes_(hashes), file_(open_regular(path_)),
      archive_(path_.ends_with(".zst") ? std::make_unique<SeekableZstdReader>(path_) : nullptr)
{
}

std::size_t ShardReader::read_into(char* buffer, std::size_t size)
{
    if (archive_) {
        const std::string bytes = archive_->read(archive_at_, size);
        archive_at_ += bytes.size();
        std::ranges::copy(bytes, buffer);
        return bytes.size();
    }
    const ssize_t count = ::read(file_.get(), buffer, size);
    if (count < 0)
        throw errno_error("read " + path_);
    return static_cast<std::size_t>(count);
}

void ShardReader::skip_to(std::uint64_t offset)
{
    archive_at_ = offset;
    if (!archive_ && ::lseek(file_.get(), static_cast<off_t>(offset), SEEK_SET) < 0)
        throw errno_error("seek in " + path_);
    bytes_ = offset;
    hashes_ = false;
}

// A whole block's memory is not touched for the few lines that were added to a shard.
std::size_t ShardReader::wanted_bytes(std::uint64_t begin) const
{
    const std::uint64_t size = file_size();
    return static_cast<std::size_t>(std::clamp<std::uint64_t>(size - std::min(size, begin), smallest_block, block_size));
}

std::string ShardReader::next()
{
    std::string block = std::move(tail_);
    const std::size_t kept = block.size();
    const std::size_t wanted = wanted_bytes(bytes_ + kept);
    block.resize(kept + wanted);
    block.resize(kept + read_into(block.data() + kept, wanted));
    const auto last = block.rfind('\n');
    const std::size_t given = last != block.npos ? last + 1 : block.size() > 2 * line_limit ? block.size() : 0;
    tail_ = block.substr(given);
    block.resize(given);
    bytes_ += given;
    if (hashes_)
        hash_.update(block);
    return block;
}

std::string ShardReader::digest()
{
    if (hashes_)
        return hex(hash_.finish());
    ShardReader again{path_, true};
    while (again.bytes() < bytes_ && !again.next().empty()) {}
    return again.digest();
}

std::uint64_t ShardReader::file_size() const
{
    if (archive_)
        return archive_->size();
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0)
        throw errno_error("fstat " + path_);
    return static_cast<std::uint64_t>(status.st_size);
}

}
