// Local sockets.
#pragma once

#include "os/fd.h"

#include <sys/types.h>

#include <string>

namespace forge {

/// A listening AF_UNIX socket of the type (SOCK_STREAM, SOCK_SEQPACKET, …) at the path, which is replaced if a socket
/// is there.  SOCK_CLOEXEC; throws SystemError with the path, Error when the path is too long.
Fd listen_local(const std::string& path, int type, int backlog, mode_t mode = 0660);
/// A copy of descriptor 0 when that is a listening socket of the type; else none.
Fd inherited_listener(int type);
/// Connects to such a socket; `flags` may be SOCK_NONBLOCK.
Fd connect_local(const std::string& path, int type, int flags = 0);

struct Peer {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};
/// SO_PEERCRED: who connected, as the kernel knows it.
Peer peer_of(const Fd& socket);

void set_nonblocking(int fd, bool nonblocking);
/// recv(2) and send(2) give up after this many seconds.
void set_socket_timeouts(int fd, int seconds);

}
