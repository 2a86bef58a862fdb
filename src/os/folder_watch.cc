// Notices changes in folders.
#include "os/folder_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/error.h"

namespace forge {

FolderWatch::FolderWatch() : fd_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK))
{
    if (!fd_)
        throw errno_error("inotify_init1");
}

bool FolderWatch::add(const std::string& folder)
{
    constexpr unsigned changes = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB |
                                 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
    return ::inotify_add_watch(fd_.get(), folder.c_str(), changes) >= 0;
}

bool FolderWatch::take()
{
    bool any = false;
    std::array<char, 16384> events;
    for (;;) {
        const ssize_t size = ::read(fd_.get(), events.data(), events.size());
        if (size > 0)
            any = true;   // which does not matter, and after an overflow of the queue nobody knows
        else if (size == 0 || errno != EINTR)
            return any;
    }
}

}
