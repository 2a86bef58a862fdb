// Who is connected to forge-ledgerd's socket: each user's share, and who gives way when it is used up.
#pragma once

#include "base/clock.h"
#include "ledger/packet.h"
#include "ledger/rights.h"
#include "os/loop.h"
#include "os/socket.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace forge {

struct LedgerConnection {
    struct Reply {
        Packet packet;
        std::optional<std::uint64_t> published;   // to be sent when that many lines are published
    };

    Fd socket;
    uid_t uid;
    LedgerPeer peer;
    SteadyTime since;
    std::unique_ptr<Loop::Watch> watch{};
    std::deque<Reply> replies{};
    SteadyTime progress{};
    bool is_used = false;      // asked for something that it has a right to
    bool is_blocked = false;
    bool is_closed = false;
};

struct ConnectionLimits {
    std::size_t all = 1000;
    std::size_t reserved = 32;   // of these, for the users whom the table of rights names
    Millis silence{1000};        // what is that old and was never used gives way to a newcomer when there is no room

    /// No user has more; two of them leave the reserved ones alone.
    constexpr std::size_t per_user() const { return (all - reserved) / 2; }
};

/// The loop's thread only.  Connections keep their address until reap().
class LedgerConnections {
public:
    /// `on_turned_away` is called for each connection that was refused or gave way.
    LedgerConnections(ConnectionLimits limits, std::function<void()> on_turned_away)
        : limits_(limits), on_turned_away_(std::move(on_turned_away)) {}

    /// A newcomer's place; nullptr where there is none: then E_BUSY was sent, and the socket is closed.
    LedgerConnection* admit(Fd socket, uid_t uid, LedgerPeer peer, bool may_use_reserved);
    void close(LedgerConnection& connection) noexcept;
    /// Closes whoever does not take its replies for that long.
    void drop_slow(std::chrono::seconds patience);
    /// Forgets what is closed.
    void reap();
    /// Logs who was turned away: one line a user and minute.
    void report(SteadyTime now);

    bool has_report() const noexcept { return !turned_away_.empty(); }
    bool any_blocked() const;
    auto begin() noexcept { return list_.begin(); }
    auto end() noexcept { return list_.end(); }

private:
    struct TurnedAway {
        std::uint64_t refused = 0;
        std::uint64_t gave_way = 0;
    };

    bool has_room(uid_t uid, const LedgerPeer& peer, bool may_use_reserved, std::string& why);
    bool make_room(std::optional<uid_t> uid);
    void turn_away(const Fd& socket, const std::string& why);
    TurnedAway& noted(const std::string& user);

    const ConnectionLimits limits_;
    const std::function<void()> on_turned_away_;
    std::list<LedgerConnection> list_;        // in the order of their arrival
    std::map<uid_t, std::size_t> open_;       // how many of each user are not closed
    std::size_t all_open_ = 0;
    std::map<std::string, TurnedAway> turned_away_;   // by user, since the last report
    SteadyTime next_report_{};
};

}
