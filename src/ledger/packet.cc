// Packets on the ledger's socket: sending, receiving, sealed files.
#include "ledger/packet.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "os/file.h"

namespace forge {

namespace {

// Room for the descriptors of one packet, aligned as the kernel wants it.
union Control {
    cmsghdr align;
    char bytes[CMSG_SPACE(packet_files_limit * sizeof(int))];
};

bool is_gone(int code)
{
    return code == EPIPE || code == ECONNRESET || code == ENOTCONN;
}

void attach(msghdr& message, Control& control, const std::vector<Fd>& files)
{
    std::array<int, packet_files_limit> numbers{};
    for (std::size_t i = 0; i < files.size(); ++i)
        numbers[i] = files[i].get();
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(files.size() * sizeof(int));
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(files.size() * sizeof(int));
    std::memcpy(CMSG_DATA(header), numbers.data(), files.size() * sizeof(int));
}

std::vector<Fd> attached(msghdr& message)
{
    std::vector<Fd> files;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int number = -1;
            std::memcpy(&number, CMSG_DATA(header) + i * sizeof(int), sizeof number);
            files.emplace_back(number);
        }
    }
    return files;
}

}

Sent send_packet(int socket, const Packet& packet)
{
    if (packet.text.empty() || packet.text.size() > packet_limit || packet.files.size() > packet_files_limit)
        throw Error("send to the ledger's socket: a packet of " + std::to_string(packet.text.size()) + " bytes and "
                    + std::to_string(packet.files.size()) + " files");
    iovec piece{const_cast<char*>(packet.text.data()), packet.text.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    Control control{};
    if (!packet.files.empty())
        attach(message, control, packet.files);
    for (;;) {
        if (::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
            return Sent::yes;
        if (errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS)
            return Sent::later;
        if (is_gone(errno))
            return Sent::closed;
        if (errno != EINTR)
            throw errno_error("send to the ledger's socket");
    }
}

Received receive_packet(int socket, Packet& packet)
{
    // One byte more than the limit, so that a packet of exactly the limit is not taken for a longer one.
    thread_local std::array<char, packet_limit + 1> buffer;
    iovec piece{buffer.data(), buffer.size()};
    Control control{};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    ssize_t size = 0;
    do {
        size = ::recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (size < 0 && errno == EINTR);
    if (size < 0 && errno == EAGAIN)
        return Received::nothing;
    if (size < 0 && !is_gone(errno))
        throw errno_error("receive from the ledger's socket");
    if (size <= 0)
        return Received::closed;
    packet.files = attached(message);
    packet.text.assign(buffer.data(), static_cast<std::size_t>(size));
    const bool cut = (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 || packet.text.size() > packet_limit;
    return cut ? Received::too_big : Received::packet;
}

Fd sealed_file(std::string_view data)
{
    Fd file{::memfd_create("forge-ledger", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (!file)
        throw errno_error("memfd_create");
    write_all(file.get(), data, "a sealed file");
    if (::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
        throw errno_error("seal a file");
    return file;
}

std::optional<std::string> read_sealed(int fd, std::size_t limit)
{
    constexpr int needed = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    const int seals = ::fcntl(fd, F_GET_SEALS);
    struct stat status {};
    if (seals < 0 || (seals & needed) != needed || ::fstat(fd, &status) != 0)
        return std::nullopt;
    if (static_cast<std::size_t>(status.st_size) > limit)
        return std::nullopt;
    std::string data(static_cast<std::size_t>(status.st_size), '\0');
    for (std::size_t at = 0; at < data.size();) {
        const ssize_t count = ::pread(fd, data.data() + at, data.size() - at, static_cast<off_t>(at));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            throw errno_error("read a sealed file");
        at += static_cast<std::size_t>(count);
    }
    return data;
}

}
