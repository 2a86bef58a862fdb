// forge-ledgerd's socket: connections, requests gathered into batches, replies in order.
#pragma once

#include "ledger/connections.h"
#include "ledger/denials.h"
#include "ledger/engine.h"
#include "ledger/requests.h"
#include "os/loop.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace forge {

struct ServerLimits {
    ConnectionLimits connections{};
    std::size_t batch_requests = 4096;
    std::size_t batch_bytes = 4U << 20;
    std::size_t packets_a_turn = 64;        // of one connection
    std::size_t waiting_replies = 1024;     // of one connection; beyond, it is not read from
    std::chrono::seconds patience{10};      // with a peer that does not take its replies
};

struct ServerHooks {
    std::function<void()> on_tick{};          // called after each of the engine's ticks
    std::function<void()> on_turned_away{};   // called for each connection that was refused or gave way to another
};

/// Everything on the loop's thread.
class LedgerServer {
public:
    /// `listener` is a listening AF_UNIX SOCK_SEQPACKET socket.
    LedgerServer(Loop& loop, Fd listener, Engine& engine, Rights rights, ServerHooks hooks = {}, ServerLimits limits = {});
    ~LedgerServer();

    /// What made the engine fail; the loop was stopped then.
    const std::optional<std::string>& failure() const noexcept { return failure_; }
    /// Publishes what is committed: the last thing to do.
    void finish();

private:
    using Connection = LedgerConnection;
    using Reply = LedgerConnection::Reply;
    struct Pending {
        Connection* connection;
        LedgerRequest request{};
        std::optional<Refused> refusal{};
    };

    void accept();
    void adopt(Fd socket);
    void watch(Connection& connection);
    void on_event(Connection& connection, std::uint32_t events);
    void receive(Connection& connection);
    void close(Connection& connection);
    void take(Connection& connection, Packet&& packet, bool is_whole);
    LedgerRequest allowed(const Connection& connection, Packet&& packet);
    bool batch_is_full() const;
    void commit();
    void answer_all(std::vector<Outcome>&& outcomes);
    Reply answer(const Pending& pending, std::vector<Outcome>::iterator& outcome);
    void flush(Connection& connection);
    void flush_all();
    void tick();
    void arm();
    void fail(const std::string& what);
    void note_trouble(Fault fault);
    std::optional<Fault> trouble() const;
    void log_refusals(const std::vector<Outcome>& outcomes);

    Loop& loop_;
    const Fd listener_;
    Engine& engine_;
    const Rights rights_;
    const ServerHooks hooks_;
    const ServerLimits limits_;
    LedgerConnections connections_;
    std::vector<Pending> pending_;
    std::size_t pending_bytes_ = 0;
    Denials denials_;
    std::optional<std::string> failure_;
    std::optional<std::pair<Fault, SteadyTime>> trouble_;   // what the disk refused last, with nothing taken since
    Loop::Timer commit_timer_;
    Loop::Timer tick_timer_;
    std::unique_ptr<Loop::Watch> listener_watch_;
};

}
