// Local sockets.
#include "os/socket.h"

#include "base/error.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace forge {

namespace {

sockaddr_un address_of(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        throw Error("socket path " + path + " is longer than " + std::to_string(sizeof address.sun_path - 1) + " bytes");
    std::copy(path.begin(), path.end(), address.sun_path);
    return address;
}

void remove_old_socket(const std::string& path)
{
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode))
        ::unlink(path.c_str());
}

}

Fd listen_local(const std::string& path, int type, int backlog, mode_t mode)
{
    const sockaddr_un address = address_of(path);
    Fd fd{::socket(AF_UNIX, type | SOCK_CLOEXEC, 0)};
    if (!fd)
        throw errno_error("socket " + path);
    remove_old_socket(path);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw errno_error("bind " + path);
    if (::chmod(path.c_str(), mode) != 0)
        throw errno_error("chmod " + path);
    if (::listen(fd.get(), backlog) != 0)
        throw errno_error("listen " + path);
    return fd;
}

Fd inherited_listener(int type)
{
    const auto option = [](int name) {
        int value = 0;
        socklen_t size = sizeof value;
        return ::getsockopt(STDIN_FILENO, SOL_SOCKET, name, &value, &size) == 0 ? value : 0;
    };
    if (option(SO_ACCEPTCONN) == 0 || option(SO_TYPE) != type)
        return Fd{};
    Fd socket{::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)};
    if (!socket)
        throw errno_error("dup of descriptor 0");
    return socket;
}

Fd connect_local(const std::string& path, int type, int flags)
{
    const sockaddr_un address = address_of(path);
    Fd fd{::socket(AF_UNIX, type | SOCK_CLOEXEC | flags, 0)};
    if (!fd)
        throw errno_error("socket " + path);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw errno_error("connect " + path);
    return fd;
}

Peer peer_of(const Fd& socket)
{
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        throw errno_error("SO_PEERCRED");
    return {credentials.pid, credentials.uid, credentials.gid};
}

void set_nonblocking(int fd, bool nonblocking)
{
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK) != 0)
        throw errno_error("fcntl");
}

void set_socket_timeouts(int fd, int seconds)
{
    const timeval time{seconds, 0};
    if (::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) != 0
        || ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time) != 0)
        throw errno_error("setsockopt");
}

}
