// Files below a folder that must not be left: not by "..", not by a symbolic link.
#pragma once

#include "os/fd.h"

#include <string>

namespace forge {

enum class Links {
    refused,   // RESOLVE_NO_SYMLINKS
    inside,    // followed as long as they stay below the folder
};

/// openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS; O_CLOEXEC is added.  An empty Fd, with errno as it was
/// (EXDEV: left the folder, ELOOP: a link, ENOENT, …), when that fails.
Fd open_beneath(int folder, const std::string& path, int flags, Links links);

}
