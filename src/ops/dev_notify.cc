// The receiving side of sd_notify(3), with the sender's number from SCM_CREDENTIALS.
#include "ops/dev_notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.h"
#include "base/text.h"

namespace forge {

Fd notify_socket(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        throw Error("socket path " + path + " is longer than " + std::to_string(sizeof address.sun_path - 1) + " bytes");
    std::ranges::copy(path, address.sun_path);
    Fd fd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    const int on = 1;
    if (!fd || ::setsockopt(fd.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0)
        throw errno_error("socket " + path);
    ::unlink(path.c_str());
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw errno_error("bind " + path);
    return fd;
}

bool Notification::says(std::string_view line) const
{
    return std::ranges::count(split(text, '\n'), line) > 0;
}

std::optional<Notification> next_notification(const Fd& socket)
{
    std::array<char, 4096> text{};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control{};
    iovec part{text.data(), text.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t size = ::recvmsg(socket.get(), &message, MSG_CMSG_CLOEXEC);
    if (size < 0)
        return std::nullopt;
    ucred sender{};
    const cmsghdr* const header = CMSG_FIRSTHDR(&message);
    if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS)
        std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
    return Notification{sender.pid, {text.data(), static_cast<std::size_t>(size)}};
}

}
