// Notices changes in folders: inotify(7).
#pragma once

#include "os/fd.h"

#include <string>

namespace forge {

/// One thread at a time.
class FolderWatch {
public:
    /// Throws SystemError when the kernel has no inotify instance left.
    FolderWatch();

    /// From now on, files and folders made, written, renamed, removed directly in it.  A folder that is watched already
    /// stays so.  False when it cannot be watched (gone, or no watch left): look by other means.
    bool add(const std::string& folder);

    /// Readable when there is something to take.
    int fd() const noexcept { return fd_.get(); }
    /// Takes all that was noticed; true when it was anything.
    bool take();

private:
    Fd fd_;
};

}
