// A secret, and where it is read.
#include "config/secret.h"

#include <fcntl.h>
#include <string.h>   // explicit_bzero
#include <sys/stat.h>

#include "base/error.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t largest_secret_bytes = 64 * 1024;

}

Secret::Secret(std::string&& text) : bytes_(text.begin(), text.end())
{
    forge::wipe(text);
}

Secret& Secret::operator=(Secret&& other) noexcept
{
    wipe();
    bytes_ = std::move(other.bytes_);
    other.bytes_.clear();
    return *this;
}

void Secret::wipe() noexcept
{
    if (!bytes_.empty())
        explicit_bzero(bytes_.data(), bytes_.size());
    bytes_.clear();
}

void wipe(std::string& text) noexcept
{
    explicit_bzero(text.data(), text.size());
    text.clear();
}

Secret read_secret(const std::string& path)
{
    // Non-blocking: opening a FIFO must not wait for somebody who writes.
    const Fd fd = open_file(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0)
        throw errno_error("stat " + path);
    if (!S_ISREG(status.st_mode))
        throw Error(path + ": not a regular file");
    std::string text = read_rest(fd.get(), path, largest_secret_bytes);
    if (text.ends_with('\n'))
        text.pop_back();
    return Secret{std::move(text)};
}

}
