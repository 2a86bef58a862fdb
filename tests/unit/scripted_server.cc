// A small HTTP/1.1 server that answers by a script.
#include "tests/unit/scripted_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace forge::test {

namespace {

/// Waits until the descriptor is readable; false when the server stops.
bool wait_readable(const std::stop_token& stop, int fd)
{
    while (!stop.stop_requested()) {
        pollfd watched{fd, POLLIN, 0};
        if (::poll(&watched, 1, 20) > 0)
            return true;
    }
    return false;
}

enum class Paused { whole, stopped, gone };

/// Waits, unless the client closes.
Paused pause_for(const std::stop_token& stop, int fd, Millis time)
{
    constexpr Millis look{20};
    const auto end = steady_now() + time;
    while (!stop.stop_requested()) {
        const auto left = std::chrono::ceil<Millis>(end - steady_now());
        if (left.count() <= 0)
            return Paused::whole;
        pollfd watched{fd, POLLRDHUP, 0};
        if (::poll(&watched, 1, static_cast<int>(std::min(left, look).count())) > 0)
            return Paused::gone;
    }
    return Paused::stopped;
}

/// The next request of a connection; false when there is none.
bool read_request(const std::stop_token& stop, int fd, Received& request)
{
    std::string data;
    std::size_t wanted = std::string::npos;
    while (data.size() < wanted) {
        char block[16384];
        const ssize_t count = wait_readable(stop, fd) ? ::recv(fd, block, sizeof block, 0) : 0;
        if (count <= 0)
            return false;
        data.append(block, static_cast<std::size_t>(count));
        const auto end = data.find("\r\n\r\n");
        if (wanted != std::string::npos || end == std::string::npos)
            continue;
        const auto lines = split(std::string_view{data}.substr(0, end), '\n');
        const auto words = split(lines.front(), ' ');
        request.method = words.at(0);
        request.path = words.at(1);
        for (std::size_t i = 1; i < lines.size(); ++i) {
            const auto colon = lines[i].find(':');
            request.headers[lower(lines[i].substr(0, colon))] = trim(lines[i].substr(colon + 1));
        }
        const auto length = request.headers.find("content-length");
        wanted = end + 4 + (length == request.headers.end() ? 0 : parse_unsigned(length->second).value_or(0));
    }
    request.body = data.substr(data.find("\r\n\r\n") + 4);
    return true;
}

}

Script answer(int status, const std::string& body, const std::string& more_headers)
{
    const std::string head = "HTTP/1.1 " + std::to_string(status) + " x\r\ncontent-type: application/json\r\n";
    const std::string length = "content-length: " + std::to_string(body.size()) + "\r\n";
    return {.steps = {{Millis{0}, head + length + more_headers + "\r\n" + body}}};
}

ScriptedServer::ScriptedServer(Handler handler, std::function<void()> gone)
    : handler_(std::move(handler)), gone_(std::move(gone)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_.get(), 1024) != 0
        || ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw errno_error("listen on a loopback port");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread{[this](const std::stop_token& stop) { accept_all(stop); }};
}

ScriptedServer::~ScriptedServer()
{
    acceptor_.request_stop();
    acceptor_.join();
    connections_.clear();
}

std::string ScriptedServer::url(const std::string& path) const
{
    return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void ScriptedServer::accept_all(const std::stop_token& stop)
{
    while (wait_readable(stop, listener_.get())) {
        Fd connection{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
        const int number = static_cast<int>(connections_.size()) + 1;
        if (connection)
            connections_.emplace_back([this, number, held = std::move(connection)](const std::stop_token& end) mutable {
                serve(end, std::move(held), number);
            });
    }
}

// False when nobody is there any more.
bool ScriptedServer::play(const std::stop_token& stop, int fd, const Script& script) const
{
    for (const Step& step : script.steps) {
        const Paused paused = step.pause.count() == 0 ? Paused::whole : pause_for(stop, fd, step.pause);
        if (paused == Paused::gone)
            gone_();
        if (paused != Paused::whole || ::send(fd, step.bytes.data(), step.bytes.size(), MSG_NOSIGNAL) < 0)
            return false;
    }
    return true;
}

void ScriptedServer::serve(const std::stop_token& stop, Fd connection, int number)
{
    for (;;) {
        Received request{.method = {}, .path = {}, .headers = {}, .body = {}, .connection = number};
        if (!read_request(stop, connection.get(), request))
            return;
        received_.access()->push_back(request);
        const Script script = handler_(request);
        if (!play(stop, connection.get(), script))
            return;
        if (!script.keep)
            return;
    }
}

}
