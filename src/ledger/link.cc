// The ledger as a worker's loop sees it.
#include "ledger/link.h"

#include "os/socket.h"

#include <sys/socket.h>

#include <algorithm>

namespace forge {

namespace {

constexpr Millis pause_between_tries{20};

}

// One request under way; leaves the link when its coroutine is destroyed.
class LedgerLink::Pending {
public:
    Pending(LedgerLink& link, const Packet& packet_) : packet(packet_), done(link.loop_), link_(link) {}
    ~Pending()
    {
        std::erase(link_.queued_, this);
        std::ranges::replace(link_.awaited_, this, nullptr);
    }
    Pending(const Pending&) = delete;
    Pending& operator=(const Pending&) = delete;

    const Packet& packet;
    Event done;
    std::optional<LedgerReply> reply;   // nothing when the connection was lost

private:
    LedgerLink& link_;
};

LedgerLink::LedgerLink(Loop& loop, std::string socket_path) : loop_(loop), path_(std::move(socket_path)) {}

LedgerLink::~LedgerLink()
{
    lose();
}

Task<LedgerReply> LedgerLink::ask(const Packet& request, SteadyTime deadline)
{
    std::string why = path_ + ": no answer in time";
    while (steady_now() < deadline) {
        std::optional<LedgerReply> reply;
        try {
            Pending pending{*this, request};
            enqueue(pending);
            co_await pending.done.wait_until(deadline);
            reply = std::move(pending.reply);
        } catch (const SystemError& error) {
            why = error.what();
        }
        const auto reason = reply ? unavailable_reason(*reply) : std::nullopt;
        if (reply && !reason)
            co_return std::move(*reply);
        if (reason && *reason != "not reachable")
            throw LedgerUnavailable(*reason, reply->detail);
        co_await sleep_until(loop_, std::min(deadline, steady_now() + pause_between_tries));
    }
    throw LedgerUnavailable("not reachable", farewell_.empty() ? why : path_ + ": " + farewell_);
}

void LedgerLink::enqueue(Pending& pending)
{
    if (queued_.size() + awaited_.size() >= bound)
        throw LedgerUnavailable("not reachable", "too many requests wait for the ledger");
    if (!socket_)
        connect();
    queued_.push_back(&pending);
    send_queued();
}

void LedgerLink::connect()
{
    farewell_.clear();
    Fd socket = connect_local(path_, SOCK_SEQPACKET, SOCK_NONBLOCK);
    watch_.emplace(loop_, socket.get(), EPOLLIN, [this](std::uint32_t events) { on_events(events); });
    socket_ = std::move(socket);
}

void LedgerLink::lose()
{
    watch_.reset();
    socket_ = Fd{};
    for (auto* const list : {&queued_, &awaited_})
        for (Pending* const pending : std::exchange(*list, {}))
            if (pending)
                pending->done.set();
}

void LedgerLink::on_events(std::uint32_t events)
{
    if ((events & EPOLLIN) != 0)
        receive();
    else if ((events & (EPOLLHUP | EPOLLERR)) != 0)
        lose();
    if (socket_ && (events & EPOLLOUT) != 0)
        send_queued();
}

void LedgerLink::send_queued()
{
    while (!queued_.empty()) {
        const Sent sent = send_packet(socket_.get(), queued_.front()->packet);
        if (sent == Sent::closed) {
            receive();   // it may have said why
            return lose();
        }
        if (sent == Sent::later)
            break;
        awaited_.push_back(queued_.front());
        queued_.pop_front();
    }
    watch_->change(queued_.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT);
}

void LedgerLink::receive()
{
    for (;;) {
        Packet packet;
        switch (receive_packet(socket_.get(), packet)) {
        case Received::nothing: return;
        case Received::packet: break;
        default: return lose();
        }
        if (!is_answer(std::move(packet)))
            return lose();
    }
}

// What nobody asked for, or no ledger would say, ends the connection.
bool LedgerLink::is_answer(Packet&& packet)
try {
    LedgerReply reply = decode_reply(std::move(packet));
    farewell_ = is_farewell(reply) ? reply.detail : "";
    if (is_farewell(reply) || awaited_.empty())
        return false;
    Pending* const pending = awaited_.front();
    awaited_.pop_front();
    if (pending) {
        pending->reply = std::move(reply);
        pending->done.set();
    }
    return true;
} catch (const Error&) {
    return false;
}

// With a pause also where it refuses at once: a full disk does not get empty by being asked.
Task<LedgerReply> LedgerLink::ask_until_answered(Packet request)
{
    constexpr Millis patience_of_one_try{30'000};
    constexpr Millis pause{1'000};
    for (;;) {
        try {
            LedgerReply reply = co_await ask(request, steady_now() + patience_of_one_try);
            co_return reply;
        } catch (const LedgerUnavailable&) {   // once more
        }
        co_await sleep_until(loop_, steady_now() + pause);
    }
}

}
