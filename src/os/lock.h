// A lock on a file that the kernel gives back when its holder dies, however it dies.
#pragma once

#include "os/fd.h"

#include <sys/types.h>

#include <optional>
#include <string>

namespace forge {

/// An open file description lock (fcntl(2), F_OFD_SETLK): held until destroyed, also against other threads.
class FileLock {
public:
    /// Nothing when somebody else holds it.  The file is made if it is missing.  Throws SystemError.
    static std::optional<FileLock> try_acquire(const std::string& path, mode_t mode = 0660);
    /// Whether anybody, this process included, holds the lock; false when there is no such file.
    static bool is_held(const std::string& path);

private:
    explicit FileLock(Fd fd) noexcept : fd_(std::move(fd)) {}
    Fd fd_;
};

}
