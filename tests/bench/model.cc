// A model server for measurements: chat completions over HTTP, one thread, thousands of kept connections.  Its answer is
// always the same, valid for demo.echo.  The prompt may hold "WAIT 50" (milliseconds until the answer, or until a stream's
// first token), "SIZE 50000000" (bytes of the answer), and for a stream "TOKENS 20" and "EVERY 10" (milliseconds between).
// A stream's tokens say when they were sent, on the clock that all processes share: see tests/bench/stamp.h.
// usage: model   Prints "ready URL" and serves until it is killed.
#include "base/error.h"
#include "base/text.h"
#include "os/loop.h"
#include "tests/bench/stamp.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <functional>
#include <iostream>
#include <memory>
#include <unordered_map>

namespace forge::bench {

namespace {

constexpr std::string_view content_begin = R"({\"echo\":{\"message\":\")", content_end = R"(\"}})";

/// What a request asks for.
struct Wish {
    Millis wait{0};
    std::size_t size = 5;
    bool is_stream = false;
    std::size_t tokens = 20;
    Millis every{10};
};

std::size_t number_after(std::string_view text, std::string_view word, std::size_t otherwise)
{
    const auto at = text.find(word);
    if (at == text.npos)
        return otherwise;
    std::size_t number = otherwise;
    std::from_chars(text.data() + at + word.size(), text.data() + text.size(), number);
    return number;
}

Wish wish_of(std::string_view body)
{
    Wish wish;
    wish.wait = Millis{number_after(body, "WAIT ", 0)};
    wish.size = number_after(body, "SIZE ", wish.size);
    wish.is_stream = body.find(R"("stream":true)") != body.npos;
    wish.tokens = number_after(body, "TOKENS ", wish.tokens);
    wish.every = Millis{number_after(body, "EVERY ", 10)};
    return wish;
}

std::string whole_answer(std::size_t size)
{
    std::string body = R"({"id":"chat-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":")";
    body.append(content_begin).append(size, 'x').append(content_end);
    body += R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}})";
    return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_bench\r\ncontent-length: " + std::to_string(body.size())
           + "\r\n\r\n" + body;
}

constexpr std::string_view stream_head =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: req_bench\r\ntransfer-encoding: chunked\r\n\r\n";

/// A chunk of the transfer coding with one event.
std::string event(const std::string& data)
{
    const std::string text = "data: " + data + "\n\n";
    char size[17];
    const auto end = std::to_chars(size, size + sizeof size, text.size(), 16).ptr;
    return std::string(size, end) + "\r\n" + text + "\r\n";
}

std::string token_event(const std::string& text)
{
    return event(R"({"id":"chat-1","choices":[{"index":0,"delta":{"content":")" + text + R"("},"finish_reason":null}]})");
}

std::string stream_end()
{
    return event(R"({"id":"chat-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})")
           + event(R"({"id":"chat-1","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7}})") + event("[DONE]") + "0\r\n\r\n";
}

class Connection {
public:
    Connection(Loop& loop, Fd fd, std::function<void(int)> gone)
        : fd_(std::move(fd)), gone_(std::move(gone)), timer_(loop, [this] { answer(); }),
          watch_(loop, fd_.get(), EPOLLIN, [this](std::uint32_t events) { act(events); })
    {
    }

private:
    void act(std::uint32_t events)
    {
        if ((events & EPOLLOUT) != 0)
            flush();
        else if (!receive())
            std::function{gone_}(fd_.get());   // and this is no more
    }

    bool receive()
    {
        char block[16384];
        const ssize_t count = ::recv(fd_.get(), block, sizeof block, MSG_DONTWAIT);
        if (count <= 0)
            return count < 0 && errno == EAGAIN;
        in_.append(block, static_cast<std::size_t>(count));
        const auto head_end = in_.find("\r\n\r\n");
        if (head_end == in_.npos)
            return true;
        const std::string head = lower(std::string_view{in_}.substr(0, head_end));
        const std::size_t size = head_end + 4 + number_after(head, "content-length: ", 0);
        if (in_.size() < size)
            return true;
        wish_ = wish_of(std::string_view{in_}.substr(head_end + 4, size - head_end - 4));
        in_.erase(0, size);
        sent_tokens_ = 0;
        if (wish_.wait == Millis{0})
            answer();
        else
            timer_.arm(steady_now() + wish_.wait);
        return true;
    }

    void answer()
    {
        static const std::string usual = whole_answer(Wish{}.size);
        if (wish_.is_stream)
            send_token();
        else
            send(wish_.size == Wish{}.size ? usual : whole_answer(wish_.size));
    }

    void send_token()
    {
        if (sent_tokens_ == wish_.tokens) {
            send(token_event(std::string{content_end}) + stream_end());
            return;
        }
        const std::string begin = sent_tokens_++ == 0 ? std::string{content_begin} : "";
        send((begin.empty() ? "" : std::string{stream_head}) + token_event(begin + stamp() + " "));
        timer_.arm(steady_now() + wish_.every);
    }

    void send(const std::string& bytes)
    {
        std::size_t sent = 0;
        if (out_.empty()) {
            const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            sent = count > 0 ? static_cast<std::size_t>(count) : 0;
        }
        if (sent < bytes.size()) {
            out_.append(bytes, sent);
            watch_.change(EPOLLIN | EPOLLOUT);
        }
    }

    void flush()
    {
        const ssize_t count = ::send(fd_.get(), out_.data() + flushed_, out_.size() - flushed_, MSG_NOSIGNAL | MSG_DONTWAIT);
        flushed_ += count > 0 ? static_cast<std::size_t>(count) : 0;
        if (flushed_ < out_.size() && (count > 0 || errno == EAGAIN))
            return;
        std::string{}.swap(out_);   // perhaps 50 MB
        flushed_ = 0;
        watch_.change(EPOLLIN);
    }

    const Fd fd_;
    const std::function<void(int)> gone_;
    Loop::Timer timer_;
    Loop::Watch watch_;
    std::string in_, out_;
    std::size_t flushed_ = 0, sent_tokens_ = 0;
    Wish wish_;
};

Fd listen_on_any_port(unsigned short& port)
{
    Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (!fd || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(fd.get(), 4096) != 0
        || ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw errno_error("listen");
    port = ntohs(address.sin_port);
    return fd;
}

void serve()
{
    Loop loop;
    std::unordered_map<int, std::unique_ptr<Connection>> connections;
    unsigned short port = 0;
    const Fd listener = listen_on_any_port(port);
    const auto gone = [&connections](int fd) { connections.erase(fd); };
    const Loop::Watch watch{loop, listener.get(), EPOLLIN, [&](std::uint32_t) {
                                for (;;) {
                                    Fd fd{::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
                                    if (!fd)
                                        return;
                                    const int on = 1;
                                    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                                    const int number = fd.get();
                                    connections[number] = std::make_unique<Connection>(loop, std::move(fd), gone);
                                }
                            }};
    std::cout << "ready http://127.0.0.1:" << port << std::endl;
    loop.run();
}

}

}

int main()
try {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    forge::bench::serve();
    return 0;
} catch (const std::exception& error) {
    std::cerr << "model: " << error.what() << '\n';
    return 1;
}
