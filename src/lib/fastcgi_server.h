// Accepts FastCGI connections, and lets a few threads answer what is readable.
#pragma once

#include "base/clock.h"
#include "base/guarded.h"
#include "lib/fastcgi.h"
#include "os/fd.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <thread>
#include <vector>

namespace forge::fastcgi {

/// Idle connections wait in one epoll set (EPOLLONESHOT); a thread that is free takes the next readable one.
/// Those that are still open when a server is destroyed are closed by the end of the process.
class Server {
public:
    /// Answers the exchange or hands it over.  Called by any thread of the server; must not throw.
    using Handler = std::function<void(Exchange&)>;

    /// `listener` stays the caller's and may be shared with other processes.
    Server(int listener, std::size_t threads, Handler handler);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// A kept connection whose request was answered elsewhere.  Any thread.
    void give_back(Fd connection);
    /// New connections go to other processes from now on; those that are open are served on.
    void stop_accepting();
    /// Idle connections and those in the hands of a thread.
    std::size_t open_connections();
    /// Waits until all are closed by nginx, at most until the deadline; tells whether they are.
    bool drain(SteadyTime deadline);

private:
    void serve_events();
    void accept_all();
    void serve(Fd connection);
    void rearm(Fd connection, int operation);
    void count(int change);

    const int listener_;
    const Handler handler_;
    Fd epoll_;
    Fd stop_;
    std::atomic<bool> accepting_ = true;
    Guarded<std::size_t> connections_;
    std::condition_variable none_left_;
    std::vector<std::jthread> threads_;
};

}
