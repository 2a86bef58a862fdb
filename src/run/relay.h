// Between workers: joining the stream of a run, and cancelling it, where another worker runs it.
//   On RUNTIME_DIR/workers/NAME.sock (SOCK_SEQPACKET) one packet of JSON asks:
//     {"op":"join","run":ID,"seen":N,"head":TEXT,"request":N,"keep":BOOL,"address":TEXT} with nginx's connection: no reply,
//     the owner answers the client itself
//     {"op":"cancel","run":ID} is answered {"ok":true} when the run has ended; {"ok":false}: it is not open here
#pragma once

#include "ledger/packet.h"
#include "os/wait.h"
#include "run/life.h"
#include "run/runs.h"

#include <list>
#include <memory>
#include <string>

namespace forge {

/// A client's wish to watch a run.
struct JoinRequest {
    std::string run;
    std::uint64_t seen = 0;    // the number of the last event that the client has
    std::string head;          // of the answer, as encode_stream_head makes it
    std::string address;       // the client's
};

/// The loop's thread only.
class RunRelay {
public:
    /// `place` gives a joining stream its place among the streams, or throws Refusal.
    using GivePlace = std::function<Action(const std::string& address)>;
    /// `give_back` takes nginx's connections whose stream has ended (fastcgi::Handed).
    using GiveBack = std::function<void(Fd)>;

    /// Listens under the worker's own name.  Throws SystemError.
    RunRelay(Loop& loop, const WorkerLife& life, Runs& runs, GivePlace place, GiveBack give_back);

    /// A connection to the worker of that name; none when it does not answer.
    Fd connect(const std::string& worker) const;
    /// Hands the client's connection over; false when the owner is gone, and the connection is closed.
    static bool join(const Fd& owner, fastcgi::Handed handed, const JoinRequest& request);
    /// True when the owner says that the run has ended.
    Task<bool> cancel(std::string worker, std::string run);

private:
    void accept();
    Task<void> serve(Fd connection);
    Task<void> answer(const Fd& connection, Packet packet);
    void take(const Json& request, Packet& packet);

    Loop& loop_;
    const WorkerLife& life_;
    Runs& runs_;
    const GivePlace place_;
    const GiveBack give_back_;
    const Fd listener_;
    const Loop::Watch watch_;
    std::size_t served_ = 0;
};

}
