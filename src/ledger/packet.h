// Packets on the ledger's socket (AF_UNIX SOCK_SEQPACKET): a text and the sealed files that go with it.
#pragma once

#include "os/fd.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

constexpr std::size_t packet_limit = 128 * 1024;    // bytes of text; net.core.wmem_default is 212,992
constexpr std::size_t packet_files_limit = 16;

struct Packet {
    std::string text;
    std::vector<Fd> files;
};

enum class Sent { yes, later, closed };

/// Sends one packet whole, without waiting: `later` when the socket is full, `closed` when the peer is gone.
/// Throws SystemError for anything else.
Sent send_packet(int socket, const Packet& packet);

enum class Received { packet, nothing, closed, too_big };

/// Receives one packet, without waiting.  `too_big`: the packet was larger than the limits and is lost.
Received receive_packet(int socket, Packet& packet);

/// An anonymous file with these bytes that nobody can change any more.  Throws SystemError.
Fd sealed_file(std::string_view data);

/// The bytes of a sealed file, or nothing when it is not sealed against change or larger than `limit`.
std::optional<std::string> read_sealed(int fd, std::size_t limit);

}
