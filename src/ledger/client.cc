// The ledger as command-line tools and jobs see it.
#include "ledger/client.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace forge {

namespace {

using namespace std::chrono;

constexpr Millis pause_between_tries{20};

Millis left(SteadyTime until)
{
    return std::max(Millis{0}, ceil<Millis>(until - steady_now()));
}

LedgerUnavailable not_reachable(const std::string& detail)
{
    return LedgerUnavailable("not reachable", detail);
}

LedgerUnavailable not_reachable_errno(const std::string& what)
{
    return not_reachable(what + ": " + std::strerror(errno));
}

// connect(2) gives up after this long when the listener's queue is full.
void limit_connecting(const Fd& socket, Millis patience)
{
    const auto micros = std::max<long long>(1000, duration_cast<Micros>(patience).count());
    const timeval value{static_cast<time_t>(micros / 1'000'000), static_cast<suseconds_t>(micros % 1'000'000)};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &value, sizeof value);
}

}

LedgerClient::LedgerClient(std::string socket_path, Millis patience) : path_(std::move(socket_path)), patience_(patience) {}

void LedgerClient::connect(SteadyTime until)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path_.size() >= sizeof address.sun_path)
        throw not_reachable(path_ + ": the path is too long for a socket");
    path_.copy(address.sun_path, path_.size());
    Fd socket{::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)};
    if (!socket)
        throw not_reachable_errno("socket");
    limit_connecting(socket, left(until));
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw not_reachable_errno("connect to " + path_);
    socket_ = std::move(socket);
}

void LedgerClient::wait_for(short events, SteadyTime until)
{
    pollfd entry{socket_.get(), events, 0};
    int count = 0;
    do {
        count = ::poll(&entry, 1, static_cast<int>(left(until).count()));
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        throw not_reachable_errno("poll " + path_);
    if (count == 0)
        throw not_reachable(path_ + ": no answer in time");
}

// A ledger that has closed the connection may have said why before.
LedgerReply LedgerClient::answer_in(Packet&& packet, Sent sent) const
{
    LedgerReply reply = decode_reply(std::move(packet));
    if (is_farewell(reply) || sent == Sent::closed)
        throw not_reachable(path_ + ": " + (is_farewell(reply) ? reply.detail : "the connection was closed"));
    return reply;
}

// What was sent and not answered may have been done: the connection is of no use after any failure.
LedgerReply LedgerClient::exchange(const Packet& request, SteadyTime until)
try {
    if (!socket_)
        connect(until);
    Sent sent = Sent::later;
    while ((sent = send_packet(socket_.get(), request)) == Sent::later)
        wait_for(POLLOUT, until);
    for (Packet packet;;) {
        switch (receive_packet(socket_.get(), packet)) {
        case Received::packet: return answer_in(std::move(packet), sent);
        case Received::nothing: wait_for(POLLIN, until); break;
        default: throw not_reachable(path_ + ": the connection was closed");
        }
    }
} catch (...) {
    socket_ = Fd{};
    throw;
}

LedgerReply LedgerClient::call(const Packet& request)
{
    LedgerReply reply = exchange(request, steady_now() + patience_);
    if (const auto reason = unavailable_reason(reply))
        throw LedgerUnavailable(*reason, reply.detail);
    return reply;
}

LedgerReply LedgerClient::append(const LedgerEvent& event, Want want)
{
    const SteadyTime until = steady_now() + patience_;
    const Packet request = encode_append(event, want);
    for (;;) {
        try {
            LedgerReply reply = exchange(request, until);
            const auto reason = unavailable_reason(reply);
            if (!reason)
                return reply;
            throw LedgerUnavailable(*reason, reply.detail);
        } catch (const LedgerUnavailable& error) {
            if (error.reason != "not reachable" || left(until) <= pause_between_tries)
                throw;
            ::poll(nullptr, 0, static_cast<int>(pause_between_tries.count()));
        }
    }
}

}
