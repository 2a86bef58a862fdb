// The ledger as a worker's loop sees it: one connection, many requests under way, each with a deadline.
#pragma once

#include "ledger/client.h"
#include "ledger/wire.h"
#include "os/wait.h"

#include <deque>
#include <string>

namespace forge {

/// The loop's thread only.
class LedgerLink {
public:
    LedgerLink(Loop& loop, std::string socket_path);
    ~LedgerLink();
    LedgerLink(const LedgerLink&) = delete;
    LedgerLink& operator=(const LedgerLink&) = delete;

    /// The reply to a request that may be asked twice: an append (its id makes it happen once) or a look.
    /// Asks again over a new connection when one is lost or the outcome is unknown, until the deadline.
    /// Throws LedgerUnavailable.  Refusals of the request itself come back as replies that are not ok.
    /// `request` must live until the task is done.
    Task<LedgerReply> ask(const Packet& request, SteadyTime deadline);
    /// The same without a deadline: the reply comes once the ledger is back, a second later at most.
    Task<LedgerReply> ask_until_answered(Packet request);

    /// Requests that wait for their reply; beyond it new ones are refused.
    static constexpr std::size_t bound = 16384;

private:
    class Pending;

    void connect();
    void lose();
    void enqueue(Pending& pending);
    void send_queued();
    void receive();
    bool is_answer(Packet&& packet);
    void on_events(std::uint32_t events);

    Loop& loop_;
    const std::string path_;
    Fd socket_;
    std::optional<Loop::Watch> watch_;
    std::deque<Pending*> queued_;
    std::string farewell_;   // why the ledger has closed the newest connection, where it said so
    std::deque<Pending*> awaited_;   // in the order of the replies; nullptr where nobody waits any more
};

}
