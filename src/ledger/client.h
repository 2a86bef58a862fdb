// The ledger as command-line tools and jobs see it: calls that block, each with a deadline.
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "ledger/wire.h"

#include <string>

namespace forge {

/// The ledger cannot record or answer; `reason` is "disk full", "read only" or "not reachable".
struct LedgerUnavailable : Error {
    LedgerUnavailable(const std::string& reason_, const std::string& detail_)
        : Error("ledger unavailable: " + reason_ + (detail_.empty() ? "" : ": " + detail_)), reason(reason_), detail(detail_) {}
    std::string reason;
    std::string detail;
};

/// One connection, made when it is first needed and again after it was lost.  For one thread.
class LedgerClient {
public:
    /// `patience` is for each call as a whole, connecting included.
    explicit LedgerClient(std::string socket_path, Millis patience = Millis{2000});

    /// The reply to a request.  Throws LedgerUnavailable.
    LedgerReply call(const Packet& request);
    /// As above, and asks again after a lost connection or an unknown outcome until the time is over: ids are idempotent.
    LedgerReply append(const LedgerEvent& event, Want want = Want::leaf);

private:
    void connect(SteadyTime until);
    void wait_for(short events, SteadyTime until);
    LedgerReply answer_in(Packet&& packet, Sent sent) const;
    LedgerReply exchange(const Packet& request, SteadyTime until);

    const std::string path_;
    const Millis patience_;
    Fd socket_;
};

}
