// Size and SHA-256 of a file.
#include "audit/file_digest.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "lib/crypto.h"
#include "lib/seekable_zstd.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t block_size = 1U << 20;

}

FileDigest file_digest(const std::string& path)
{
    const Fd file = open_file(path, O_RDONLY | O_NOFOLLOW);
    Sha256 hash;
    FileDigest digest;
    std::string buffer(block_size, '\0');
    for (;;) {
        const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
        if (count < 0)
            throw errno_error("read " + path);
        if (count == 0)
            break;
        hash.update(std::string_view{buffer}.substr(0, static_cast<std::size_t>(count)));
        digest.bytes += static_cast<std::uint64_t>(count);
    }
    digest.sha256 = hex(hash.finish());
    return digest;
}

FileDigest expanded_digest(const std::string& path)
try {
    SeekableZstdReader reader{path};
    Sha256 hash;
    for (std::uint64_t at = 0; at < reader.size(); at += block_size)
        hash.update(reader.read(at, block_size));
    return {reader.size(), hex(hash.finish())};
} catch (const SystemError&) {
    throw;
} catch (const Error&) {
    return {};
}

void drop_from_cache(const std::string& path)
{
    const Fd file = open_file(path, O_RDONLY | O_NOFOLLOW);
    ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);   // advice: what it says of itself is no matter
}

}
