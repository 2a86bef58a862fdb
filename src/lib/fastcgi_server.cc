// Accepts FastCGI connections, and lets a few threads answer what is readable.
#include "lib/fastcgi_server.h"

#include "base/error.h"
#include "base/log.h"
#include "os/socket.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace forge::fastcgi {

namespace {

constexpr int patience_seconds = 30;   // with nginx in the middle of a record

void control(const Fd& epoll, int operation, int fd, std::uint32_t events)
{
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    if (::epoll_ctl(epoll.get(), operation, fd, &event) != 0)
        throw errno_error("epoll_ctl");
}

}

Server::Server(int listener, std::size_t threads, Handler handler)
    : listener_(listener), handler_(std::move(handler)), epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (!epoll_ || !stop_)
        throw errno_error("make a FastCGI server");
    set_nonblocking(listener_, true);
    control(epoll_, EPOLL_CTL_ADD, stop_.get(), EPOLLIN);
    control(epoll_, EPOLL_CTL_ADD, listener_, EPOLLIN | EPOLLEXCLUSIVE);
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { serve_events(); });
        ::pthread_setname_np(threads_.back().native_handle(), "request");
    }
}

Server::~Server()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t ignored = ::write(stop_.get(), &one, sizeof one);
}

void Server::serve_events()
{
    for (;;) {
        epoll_event event{};
        const int count = ::epoll_wait(epoll_.get(), &event, 1, -1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            log(Severity::error, std::string{"epoll_wait: "} + std::strerror(errno));
            return;
        }
        if (event.data.fd == stop_.get())
            return;
        if (event.data.fd == listener_)
            accept_all();
        else
            serve(Fd{event.data.fd});
    }
}

void Server::accept_all()
{
    while (accepting_) {
        Fd connection{::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)};
        if (!connection) {
            if (errno == EMFILE || errno == ENFILE)
                log(Severity::error, "accept: no descriptor is left: raise LimitNOFILE or lower SSE_MAX_CLIENTS");
            return;
        }
        set_socket_timeouts(connection.get(), patience_seconds);
        count(1);
        rearm(std::move(connection), EPOLL_CTL_ADD);
    }
}

void Server::serve(Fd connection)
{
    Exchange exchange{std::move(connection)};
    if (exchange.is_open())
        handler_(exchange);
    Fd kept = exchange.is_open() ? exchange.finish() : Fd{};   // neither closed by nginx nor handed over
    if (kept)
        rearm(std::move(kept), EPOLL_CTL_MOD);
    else
        count(-1);
}

void Server::rearm(Fd connection, int operation)
{
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;
    event.data.fd = connection.get();
    if (::epoll_ctl(epoll_.get(), operation, connection.get(), &event) == 0) {
        connection.release();
    } else {
        log(Severity::error, std::string{"a connection cannot be waited for: "} + std::strerror(errno));
        count(-1);
    }
}

void Server::count(int change)
{
    auto open = connections_.access();
    *open += static_cast<std::size_t>(change);
    if (*open == 0)
        none_left_.notify_all();
}

void Server::give_back(Fd connection)
{
    set_nonblocking(connection.get(), false);
    count(1);
    rearm(std::move(connection), EPOLL_CTL_MOD);   // it stayed in the set, disarmed
}

void Server::stop_accepting()
{
    if (accepting_.exchange(false))
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_, nullptr);
}

std::size_t Server::open_connections()
{
    return *connections_.access();
}

bool Server::drain(SteadyTime deadline)
{
    stop_accepting();
    auto open = connections_.access();
    return none_left_.wait_until(open.lock(), deadline, [&] { return *open == 0; });
}

}
