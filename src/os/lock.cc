// Locks on files.
#include "os/lock.h"

#include "base/error.h"
#include "os/file.h"

#include <fcntl.h>

#include <cerrno>

namespace forge {

std::optional<FileLock> FileLock::try_acquire(const std::string& path, mode_t mode)
{
    Fd fd = open_file(path, O_RDWR | O_CREAT, mode);
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (::fcntl(fd.get(), F_OFD_SETLK, &whole) == 0)
        return FileLock{std::move(fd)};
    if (errno == EAGAIN || errno == EACCES)
        return std::nullopt;
    throw errno_error("lock " + path);
}

bool FileLock::is_held(const std::string& path)
{
    const Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd) {
        if (errno == ENOENT)
            return false;
        throw errno_error("open " + path);
    }
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (::fcntl(fd.get(), F_OFD_GETLK, &whole) != 0)
        throw errno_error("look at the lock of " + path);
    return whole.l_type != F_UNLCK;
}

NumberLocks::NumberLocks(const std::string& path, mode_t mode) : path_(path), fd_(open_file(path, O_RDWR | O_CREAT, mode)) {}

std::optional<NumberLocks::Held> NumberLocks::try_acquire(std::uint64_t number)
{
    const std::lock_guard turn{mutex_};
    if (!held_.insert(number).second)
        return std::nullopt;
    if (set_lock(number, F_WRLCK) == 0)
        return Held{*this, number};
    const int reason = errno;
    held_.erase(number);
    if (reason == EAGAIN || reason == EACCES)
        return std::nullopt;
    errno = reason;
    throw errno_error("lock a number in " + path_);
}

void NumberLocks::release(std::uint64_t number) noexcept
{
    const std::lock_guard turn{mutex_};
    set_lock(number, F_UNLCK);
    held_.erase(number);
}

int NumberLocks::set_lock(std::uint64_t number, short type) const noexcept
{
    struct flock byte {};
    byte.l_type = type;
    byte.l_whence = SEEK_SET;
    byte.l_start = static_cast<off_t>(number);
    byte.l_len = 1;
    return ::fcntl(fd_.get(), F_OFD_SETLK, &byte);
}

}
