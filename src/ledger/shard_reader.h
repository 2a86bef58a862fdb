// Reads a shard from its begin in blocks of whole lines, and hashes it, while its writer may go on.
#pragma once

#include "lib/crypto.h"
#include "lib/seekable_zstd.h"
#include "os/fd.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace forge {

class ShardReader {
public:
    /// `path` may be an archive (.zst); all sizes are then those of what it holds.  `hashes`: the digest will be asked for.  Throws as open_regular.
    explicit ShardReader(std::string path, bool hashes = false);

    /// Goes on at an offset, where a line begins; before the first next().  digest() then reads the file anew.
    void skip_to(std::uint64_t offset);
    /// The next whole lines, each with its LF, about a mebibyte; empty when there is none now.
    /// A line without end becomes a block of its own when it is longer than any line may be.
    std::string next();
    /// Bytes behind the last whole line that next() gave, as far as it has read.
    const std::string& tail() const noexcept { return tail_; }

    /// Bytes and SHA-256 (hex) of what next() gave; without `hashes` the file is read once more.
    std::uint64_t bytes() const noexcept { return bytes_; }
    std::string digest();
    std::uint64_t file_size() const;

private:
    std::size_t wanted_bytes(std::uint64_t begin) const;
    std::size_t read_into(char* buffer, std::size_t size);

    std::string path_;
    bool hashes_;
    Fd file_;
    std::unique_ptr<SeekableZstdReader> archive_;   // in place of the file
    std::uint64_t archive_at_ = 0;
    std::string tail_;
    std::uint64_t bytes_ = 0;
    Sha256 hash_;
};

}
