// Does the system answer?  Two questions over plain sockets.
#include "ops/dev_probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <string_view>

#include "base/error.h"
#include "lib/json.h"
#include "os/fd.h"
#include "os/socket.h"

namespace forge {

namespace {

// Sends a question and gives the first packet of the answer; empty when there is none within a second.
std::string ask(const Fd& socket, std::string_view question)
{
    std::array<char, 4096> answer{};
    set_socket_timeouts(socket.get(), 1);
    if (::send(socket.get(), question.data(), question.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(question.size()))
        return {};
    const ssize_t size = ::recv(socket.get(), answer.data(), answer.size(), 0);
    return {answer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

}

bool http_answers(unsigned short port, const std::string& path)
{
    const Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return false;
    const std::string answer = ask(fd, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    return answer.starts_with("HTTP/1.1 200 ");
}

bool ledger_answers(const std::string& socket_path)
try {
    const Fd fd = connect_local(socket_path, SOCK_SEQPACKET);
    return parse_json(ask(fd, R"({"op":"head"})"))["ok"].as_bool();
} catch (const Error&) {
    return false;
}

}
