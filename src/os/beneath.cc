// Files below a folder that must not be left.
#include "os/beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace forge {

Fd open_beneath(int folder, const std::string& path, int flags, Links links)
{
    open_how how{};
    how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    if (links == Links::refused)
        how.resolve |= RESOLVE_NO_SYMLINKS;
    for (;;) {
        const long fd = ::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how);
        if (fd >= 0)
            return Fd{static_cast<int>(fd)};
        if (errno != EINTR && errno != EAGAIN)   // EAGAIN: a rename or mount raced with ".."
            return {};
    }
}

}
