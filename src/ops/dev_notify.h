// The receiving side of sd_notify(3): what children of "forge dev" say about themselves.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "os/fd.h"

namespace forge {

/// A datagram socket at the path (replaced if one is there) that tells who sent; non-blocking.
Fd notify_socket(const std::string& path);

struct Notification {
    pid_t pid;           // as the kernel knows it
    std::string text;    // lines NAME=VALUE

    bool says(std::string_view line) const;
};

/// The next one, if any.
std::optional<Notification> next_notification(const Fd& socket);

}
