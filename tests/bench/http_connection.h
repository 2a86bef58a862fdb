// A kept connection of a load generator: one request after the other.
#pragma once

#include "base/error.h"
#include "base/text.h"
#include "os/loop.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace forge::bench {

/// Where a request goes, and all of its bytes.
struct Target {
    unsigned short port = 0;
    std::string bytes;
};

struct HttpAnswer {
    int status = 0;        // 0: the connection broke
    std::string head;      // in lower case
    std::string body;      // of a chunked one with the chunks' sizes

    /// The header's value; `name` in lower case.
    std::string_view header(std::string_view name) const
    {
        const auto at = head.find("\r\n" + std::string{name} + ": ");
        if (at == head.npos)
            return {};
        const std::string_view rest = std::string_view{head}.substr(at + name.size() + 4);
        return rest.substr(0, rest.find("\r\n"));
    }
};

/// The loop's thread only.
class HttpConnection {
public:
    using Done = std::function<void(const HttpAnswer&)>;
    using Piece = std::function<void(std::string_view)>;

    HttpConnection(Loop& loop, unsigned short port)
        : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        if (!fd_ || ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
            throw errno_error("socket");
        if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS)
            throw errno_error("connect");
        watch_.emplace(loop, fd_.get(), EPOLLOUT, [this](std::uint32_t events) { act(events); });
    }

    /// `bytes` must live until `done` is called, which may ask again, but not destroy this.  `piece` sees what comes as it comes.
    void ask(const std::string& bytes, Done done, Piece piece = {})
    {
        asked_ = &bytes;
        done_ = std::move(done);
        piece_ = std::move(piece);
        in_.clear();
        body_at_ = 0;
        if (is_connected_)
            send();
    }

private:
    void act(std::uint32_t events)
    {
        if (is_connected_ || (events & (EPOLLERR | EPOLLHUP)) != 0) {
            receive();
            return;
        }
        is_connected_ = true;
        watch_->change(EPOLLIN);
        if (asked_ != nullptr)
            send();
    }

    void send()
    {
        if (!watch_ || std::cmp_not_equal(::send(fd_.get(), asked_->data(), asked_->size(), MSG_NOSIGNAL), asked_->size()))
            end({});
    }

    void receive()
    {
        char block[16384];
        const ssize_t count = ::recv(fd_.get(), block, sizeof block, MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN)
            return;
        if (count <= 0) {
            watch_.reset();
            end({});
            return;
        }
        const std::string_view piece{block, static_cast<std::size_t>(count)};
        in_.append(piece);
        if (piece_)
            piece_(piece);
        look();
    }

    void look()
    {
        if (body_at_ == 0) {
            const auto end_of_head = in_.find("\r\n\r\n");
            if (end_of_head == in_.npos)
                return;
            body_at_ = end_of_head + 4;
            answer_.head = lower(std::string_view{in_}.substr(0, end_of_head + 2));
            answer_.status = static_cast<int>(parse_unsigned(std::string_view{in_}.substr(9, 3)).value_or(0));
            const auto length = parse_unsigned(answer_.header("content-length"));
            whole_ = length ? body_at_ + *length : 0;
        }
        const bool is_whole = whole_ != 0 ? in_.size() >= whole_ : in_.ends_with("\r\n0\r\n\r\n");
        if (!is_whole)
            return;
        answer_.body = in_.substr(body_at_);
        end(std::exchange(answer_, {}));
    }

    void end(const HttpAnswer& answer)
    {
        asked_ = nullptr;
        piece_ = {};
        if (const Done done = std::exchange(done_, {}))
            done(answer);
    }

    const Fd fd_;
    std::optional<Loop::Watch> watch_;
    bool is_connected_ = false;
    const std::string* asked_ = nullptr;
    Done done_;
    Piece piece_;
    std::string in_;
    std::size_t body_at_ = 0, whole_ = 0;
    HttpAnswer answer_;
};

}
