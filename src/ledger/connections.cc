// Who is connected to forge-ledgerd's socket.
#include "ledger/connections.h"

#include <sys/socket.h>

#include <algorithm>

#include "base/log.h"
#include "ledger/requests.h"

namespace forge {

namespace {

constexpr std::chrono::seconds report_window{60};
constexpr std::size_t users_limit = 100;
constexpr const char* others = "others";

}

LedgerConnection* LedgerConnections::admit(Fd socket, uid_t uid, LedgerPeer peer, bool may_use_reserved)
{
    std::string why;
    if (!has_room(uid, peer, may_use_reserved, why)) {
        ++noted(peer.user).refused;
        turn_away(socket, why);
        return nullptr;
    }
    ++open_[uid];
    ++all_open_;
    return &list_.emplace_back(LedgerConnection{std::move(socket), uid, std::move(peer), steady_now()});
}

bool LedgerConnections::has_room(uid_t uid, const LedgerPeer& peer, bool may_use_reserved, std::string& why)
{
    const auto own = open_.find(uid);
    if (own != open_.end() && own->second >= limits_.per_user() && !make_room(uid)) {
        why = peer.user + " has " + std::to_string(own->second)
              + " connections to the ledger, as many as one user may: end some of its programs, then try again";
        return false;
    }
    if (all_open_ < limits_.all - (may_use_reserved ? 0 : limits_.reserved) || make_room({}))
        return true;
    why = "the ledger has " + std::to_string(all_open_) + " connections, as many as it takes: try again; its log says whose they are";
    return false;
}

// The oldest of those that never asked for anything; of one user or of all.
bool LedgerConnections::make_room(std::optional<uid_t> uid)
{
    const SteadyTime silent_since = steady_now() - limits_.silence;
    const auto oldest = std::ranges::find_if(list_, [&](const LedgerConnection& connection) {
        return !connection.is_closed && !connection.is_used && connection.since <= silent_since && (!uid || connection.uid == *uid);
    });
    if (oldest == list_.end())
        return false;
    ++noted(oldest->peer.user).gave_way;
    turn_away(oldest->socket, "the connection asked for nothing, and others had no room: connect when there is something to ask");
    close(*oldest);
    return true;
}

// What arrived and is not read when a socket closes would take the refusal with it: first nothing more may arrive.
void LedgerConnections::turn_away(const Fd& socket, const std::string& why)
try {
    if (on_turned_away_)
        on_turned_away_();
    send_packet(socket.get(), encode_refusal(Refused(Fault::busy, why)));
    ::shutdown(socket.get(), SHUT_RDWR);
    Packet packet;
    for (Received got = Received::packet; got == Received::packet || got == Received::too_big;)
        got = receive_packet(socket.get(), packet);
} catch (const SystemError& error) {
    log(Severity::warning, "a ledger connection was not told why it is refused", {{"error", error.what()}});
}

LedgerConnections::TurnedAway& LedgerConnections::noted(const std::string& user)
{
    const bool is_room = turned_away_.size() < users_limit || turned_away_.contains(user);
    return turned_away_[is_room ? user : others];
}

void LedgerConnections::close(LedgerConnection& connection) noexcept
{
    if (std::exchange(connection.is_closed, true))
        return;
    --all_open_;
    const auto own = open_.find(connection.uid);
    if (--own->second == 0)
        open_.erase(own);
}

void LedgerConnections::drop_slow(std::chrono::seconds patience)
{
    for (LedgerConnection& connection : list_)
        if (connection.is_blocked && !connection.is_closed && steady_now() - connection.progress > patience) {
            log(Severity::warning, "ledger connection dropped: it does not take its replies", {{"user", connection.peer.user}});
            close(connection);
        }
}

void LedgerConnections::reap()
{
    std::erase_if(list_, [](const LedgerConnection& connection) { return connection.is_closed; });
}

bool LedgerConnections::any_blocked() const
{
    return std::ranges::any_of(list_, &LedgerConnection::is_blocked);
}

void LedgerConnections::report(SteadyTime now)
{
    if (turned_away_.empty() || now < next_report_)
        return;
    for (const auto& [user, count] : turned_away_)
        log(Severity::warning, "ledger connections refused: there are too many",
            {{"user", user}, {"refused", std::to_string(count.refused)}, {"silent_closed", std::to_string(count.gave_way)}});
    turned_away_.clear();
    next_report_ = now + report_window;
}

}
