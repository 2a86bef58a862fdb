// A secret, and where it is read.
#include "config/secret.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t largest_secret_bytes = 64 * 1024;

// Into its own memory at once, so that no buffer on the way keeps a copy.
SecretMemory content(const Fd& fd, const std::string& path)
{
    SecretMemory bytes{largest_secret_bytes + 1};
    std::size_t size = 0;
    while (size <= largest_secret_bytes) {
        const ssize_t count = ::read(fd.get(), bytes.data() + size, bytes.size() - size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw errno_error("read " + path);
        if (count == 0)
            break;
        size += static_cast<std::size_t>(count);
    }
    if (size > largest_secret_bytes)
        throw Error("read " + path + ": larger than " + std::to_string(largest_secret_bytes) + " bytes");
    if (size > 0 && bytes.data()[size - 1] == '\n')
        --size;
    bytes.shrink(size);
    return bytes;
}

}

Secret::Secret(std::string&& text) : bytes_(text.size())
{
    std::ranges::copy(text, bytes_.data());
    wipe(text);
}

SecretFile read_secret(const std::string& path)
{
    // Non-blocking: opening a FIFO must not wait for somebody who writes.
    const Fd fd = open_file(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0)
        throw errno_error("stat " + path);
    if (!S_ISREG(status.st_mode))
        throw Error(path + ": not a regular file");
    return {Secret{content(fd, path)}, is_exposed(status.st_mode)};
}

}
