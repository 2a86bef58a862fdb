// Opens many tick streams through nginx, holds them, and tells how late the ticks were.
// usage: streams PORT COUNT SECONDS
#include "base/error.h"
#include "base/text.h"
#include "os/loop.h"
#include "os/wait.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <list>

namespace forge {

namespace {

struct Figures {
    std::size_t open = 0, refused = 0, ended = 0, ticks = 0;
    std::vector<long long> late_us;
};

struct Stream {
    Stream(Loop& loop, unsigned short port, Figures& figures_) : figures(figures_), fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw errno_error("connect");
        constexpr std::string_view request = "GET /v1/tick/stream HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
        if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
            throw errno_error("send");
        watch.emplace(loop, fd.get(), EPOLLIN, [this](std::uint32_t) { receive(); });
    }

    void receive()
    {
        char block[8192];
        const ssize_t count = ::recv(fd.get(), block, sizeof block, MSG_DONTWAIT);
        if (count <= 0) {
            ++figures.ended;
            watch.reset();
            return;
        }
        const std::string_view text{block, static_cast<std::size_t>(count)};
        if (text.starts_with("HTTP/1.1"))
            ++(text.starts_with("HTTP/1.1 200") ? figures.open : figures.refused);
        for (auto at = text.find("\"ts\":"); at != std::string_view::npos; at = text.find("\"ts\":", at + 1))
            if (text.substr(0, at).rfind("event: tick") != std::string_view::npos)
                note(std::atoll(text.data() + at + 5));
    }

    void note(long long tick_ms)
    {
        ++figures.ticks;
        figures.late_us.push_back(wall_now().time_since_epoch().count() - tick_ms * 1000);
    }

    Figures& figures;
    Fd fd;
    std::optional<Loop::Watch> watch;
};

Task<void> hold(Loop& loop, Figures& figures, unsigned short port, std::size_t count, int seconds)
{
    std::list<Stream> streams;
    for (std::size_t i = 0; i < count; ++i) {
        streams.emplace_back(loop, port, figures);
        if (i % 100 == 99)
            co_await sleep_until(loop, steady_now() + Millis{5});
    }
    const SteadyTime patience = steady_now() + Millis{20'000};
    while (figures.open + figures.refused + figures.ended < count && steady_now() < patience)
        co_await sleep_until(loop, steady_now() + Millis{20});
    figures.ticks = 0;
    figures.late_us.clear();
    std::cout << "open " << figures.open << std::endl;
    co_await sleep_until(loop, steady_now() + std::chrono::seconds{seconds});
    loop.stop();
}

void print(Figures& figures, int seconds)
{
    std::ranges::sort(figures.late_us);
    const auto at = [&](double share) {
        return figures.late_us.empty() ? 0LL : figures.late_us[static_cast<std::size_t>(share * static_cast<double>(figures.late_us.size() - 1))];
    };
    std::printf("streams %zu, refused %zu, ended %zu, ticks per stream and second %.3f, late p50 %.1f ms, p99 %.1f ms, most %.1f ms, by more than 100 ms: %td\n",
                figures.open, figures.refused, figures.ended,
                static_cast<double>(figures.ticks) / static_cast<double>(std::max<std::size_t>(figures.open, 1)) / seconds,
                static_cast<double>(at(0.5)) / 1000, static_cast<double>(at(0.99)) / 1000, static_cast<double>(at(1)) / 1000,
                figures.late_us.end() - std::ranges::upper_bound(figures.late_us, 100'000));
}

}

}

int main(int argc, char** argv)
try {
    using namespace forge;
    if (argc != 4)
        return 64;
    const rlimit files{65536, 65536};
    ::setrlimit(RLIMIT_NOFILE, &files);
    Loop loop;
    Figures figures;
    const int seconds = std::atoi(argv[3]);
    loop.start(hold(loop, figures, static_cast<unsigned short>(std::atoi(argv[1])), static_cast<std::size_t>(std::atoi(argv[2])), seconds));
    loop.run();
    print(figures, seconds);
    return figures.ended == 0 ? 0 : 1;
} catch (const std::exception& error) {
    std::cerr << "streams: " << error.what() << '\n';
    return 1;
}
