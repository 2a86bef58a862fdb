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

}
