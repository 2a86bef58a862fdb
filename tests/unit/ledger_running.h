// A ledger that answers on a socket, for tests of the socket and its clients.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>

#include "ledger/event_feed.h"
#include "ledger/server.h"
#include "os/socket.h"

namespace forge::test {

/// A server on a thread of its own; its folder outlives it.
class Running {
public:
    explicit Running(const std::string& folder, Rights rights = mine(), ServerLimits limits = {}, ServerHooks hooks = {})
        : path(folder + "/socket"), engine_({.root = folder + "/ledger", .origin = "example.com/log", .rights = "dev",
                                             .space = SpaceRules::small(),
                                             .on_line = [this](const CommittedLine& line) { if (feed_) feed_->take(line); }}, io_, env_),
          server_(loop_, listen_local(path, SOCK_SEQPACKET, 64), engine_, std::move(rights), std::move(hooks), limits),
          thread_([this] { loop_.run(); })
    {
    }
    ~Running()
    {
        loop_.stop();
        thread_.join();
        server_.finish();
    }
    /// From here on it keeps the index of events; before anybody asks it for something.
    void index()
    {
        feed_ = std::make_unique<EventFeed>(path.substr(0, path.rfind('/')) + "/ledger/index");
        feed_->catch_up(engine_);
    }
    static Rights mine() { return Rights::development(ledger_peer(::geteuid(), ::getegid()).user); }

    const std::string path;

private:
    RealIo io_;
    RealEnv env_;
    std::unique_ptr<EventFeed> feed_;
    Engine engine_;
    Loop loop_;
    LedgerServer server_;
    std::thread thread_;
};

/// The next packet, which comes.
inline Packet received(const Fd& socket)
{
    for (;;) {
        Packet packet;
        const Received got = receive_packet(socket.get(), packet);
        if (got != Received::nothing)
            return packet;
        std::this_thread::yield();
    }
}

}
