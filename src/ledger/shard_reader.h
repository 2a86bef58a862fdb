// Reads a shard from its begin in blocks of whole lines, and hashes it, while its writer may go on.
#pragma once

#include "lib/crypto.h"
#include "os/fd.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace forge {

class ShardReader {
public:
    /// Throws SystemError.
    explicit ShardReader(std::string path);

    /// The next whole lines, each with its LF, about a mebibyte; empty when there is none now.  Lives till the next call.
    /// A line without end becomes a block of its own when it is longer than any line may be.
    std::string_view next();
    /// Bytes behind the last whole line that next() gave, as far as it has read.
    std::string_view tail() const { return std::string_view{buffer_}.substr(given_); }

    /// Bytes and SHA-256 (hex) of what next() gave.
    std::uint64_t bytes() const noexcept { return bytes_; }
    std::string digest();
    std::uint64_t file_size() const;
    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
    Fd file_;
    std::string buffer_;
    std::size_t given_ = 0;
    std::uint64_t bytes_ = 0;
    Sha256 hash_;
};

}
