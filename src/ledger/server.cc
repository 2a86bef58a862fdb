// forge-ledgerd's socket.
#include "ledger/server.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "base/log.h"
#include "os/socket.h"

namespace forge {

namespace {

constexpr int newcomers_a_turn = 64;
constexpr SteadyTime this_turn{};   // a timer that is due runs after the turn's events
constexpr Millis look_at_slow{1000};
constexpr Millis trouble_counts_for{30'000};

std::size_t size_of(const LedgerRequest& request)
{
    std::size_t bytes = 0;
    for (const LedgerEvent& event : request.events) {
        bytes += event.event.size();
        for (const PrivateValue& value : event.priv)
            bytes += value.value.size();
    }
    return bytes;
}

}

LedgerServer::LedgerServer(Loop& loop, Fd listener, Engine& engine, Rights rights, ServerHooks hooks, ServerLimits limits)
    : loop_(loop), listener_(std::move(listener)), engine_(engine), rights_(std::move(rights)), hooks_(std::move(hooks)),
      limits_(limits), connections_(limits.connections, hooks_.on_turned_away), commit_timer_(loop, [this] { commit(); }),
      tick_timer_(loop, [this] { tick(); })
{
    set_nonblocking(listener_.get(), true);
    listener_watch_ = std::make_unique<Loop::Watch>(loop_, listener_.get(), EPOLLIN, [this](std::uint32_t) { accept(); });
    arm();
}

LedgerServer::~LedgerServer() = default;

void LedgerServer::accept()
{
    for (int count = 0; count < newcomers_a_turn; ++count) {
        Fd socket{::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (socket) {
            adopt(std::move(socket));
        } else if (errno != EINTR && errno != ECONNABORTED) {
            if (errno != EAGAIN)
                log(Severity::error, errno_error("accept on the ledger's socket").what());
            break;
        }
    }
    commit_timer_.arm(this_turn);   // whoever gave way is forgotten there
}

void LedgerServer::adopt(Fd socket)
try {
    const Peer who = peer_of(socket);
    LedgerPeer peer = ledger_peer(who.uid, who.gid);
    const bool is_named = rights_.names(peer.user);
    if (Connection* const connection = connections_.admit(std::move(socket), who.uid, std::move(peer), is_named))
        watch(*connection);
    connections_.report(steady_now());
} catch (const SystemError& error) {
    log(Severity::warning, "ledger connection refused", {{"error", error.what()}});
}

void LedgerServer::watch(Connection& connection)
try {
    connection.watch = std::make_unique<Loop::Watch>(loop_, connection.socket.get(), EPOLLIN,
                                                     [this, &connection](std::uint32_t events) { on_event(connection, events); });
} catch (const SystemError&) {
    connections_.close(connection);
    throw;
}

void LedgerServer::on_event(Connection& connection, std::uint32_t events)
{
    if (connection.is_closed)
        return;
    if ((events & EPOLLOUT) != 0)
        flush(connection);
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
        receive(connection);
}

void LedgerServer::receive(Connection& connection)
try {
    for (std::size_t count = 0; count < limits_.packets_a_turn && !batch_is_full() && !connection.is_closed; ++count) {
        Packet packet;
        const Received received = receive_packet(connection.socket.get(), packet);
        if (received == Received::nothing)
            return;
        if (received == Received::closed)
            return close(connection);
        take(connection, std::move(packet), received == Received::packet);
    }
} catch (const SystemError& error) {
    log(Severity::warning, "ledger connection lost", {{"error", error.what()}});
    close(connection);
}

// It may be in the batch: it goes after the commit.
void LedgerServer::close(Connection& connection)
{
    connections_.close(connection);
    commit_timer_.arm(this_turn);
}

void LedgerServer::take(Connection& connection, Packet&& packet, bool is_whole)
{
    Pending pending{&connection};
    try {
        if (!is_whole)
            throw Refused(Fault::too_big, "a packet beyond 128 KiB or 16 files");
        pending.request = allowed(connection, std::move(packet));
        connection.is_used = true;
        pending_bytes_ += size_of(pending.request);
    } catch (const Refused& refused) {
        pending.refusal = refused;
    }
    pending_.push_back(std::move(pending));
    commit_timer_.arm(this_turn);
}

LedgerRequest LedgerServer::allowed(const Connection& connection, Packet&& packet)
{
    LedgerRequest request = decode_request(std::move(packet));
    const bool is_one_of_many = request.operation == Operation::appendv;
    std::size_t index = 0;
    const auto check = [&](const std::string& type) {
        if (rights_.allows(connection.peer, request.operation, type))
            return;
        denials_.note(connection.peer, request.operation, type);
        throw Refused(Fault::denied, (is_one_of_many ? "events[" + std::to_string(index) + "].type: " : "") + connection.peer.user
                                         + " may not " + std::string{name_of(request.operation)} + (type.empty() ? "" : " " + type));
    };
    if (request.events.empty())
        check({});
    for (const LedgerEvent& event : request.events) {
        check(event.type);
        ++index;
    }
    return request;
}

bool LedgerServer::batch_is_full() const
{
    return pending_.size() >= limits_.batch_requests || pending_bytes_ >= limits_.batch_bytes;
}

void LedgerServer::commit()
{
    std::vector<Submission> submissions;
    for (Pending& pending : pending_)
        if (!pending.refusal && !pending.request.events.empty())
            submissions.push_back({pending.connection->peer.user, std::move(pending.request.events),
                                   pending.request.wants_receipts});
    try {
        std::vector<Outcome> outcomes;
        if (!submissions.empty())
            outcomes = engine_.commit(submissions);
        log_refusals(outcomes);
        answer_all(std::move(outcomes));
    } catch (const Error& error) {
        fail(error.what());
    }
    connections_.reap();
    arm();
}

void LedgerServer::flush(Connection& connection)
{
    bool is_blocked = false;
    while (!connection.is_closed && !is_blocked && !connection.replies.empty()) {
        Reply& reply = connection.replies.front();
        if (reply.published && *reply.published > engine_.publisher().size())
            break;
        if (reply.published)
            reply.packet = encode_published(engine_);
        switch (send_packet(connection.socket.get(), reply.packet)) {
        case Sent::yes:
            connection.replies.pop_front();
            connection.progress = steady_now();
            break;
        case Sent::later: is_blocked = true; break;
        case Sent::closed: close(connection); break;
        }
    }
    if (is_blocked && !connection.is_blocked)
        connection.progress = steady_now();
    connection.is_blocked = is_blocked;
    const bool reads = connection.replies.size() < limits_.waiting_replies;
    connection.watch->change((reads ? EPOLLIN : 0U) | (is_blocked ? EPOLLOUT : 0U));
}

void LedgerServer::flush_all()
{
    for (Connection& connection : connections_)
        if (!connection.replies.empty())
            flush(connection);
}

void LedgerServer::tick()
{
    try {
        engine_.tick();
        for (const std::string& event : denials_.take(steady_now()))
            engine_.record("ledger.incident", event);
        if (hooks_.on_tick)
            hooks_.on_tick();
    } catch (const Refused& refused) {
        log(Severity::error, std::string{"ledger append error: "} + refused.what());
        note_trouble(refused.fault);
    } catch (const Error& error) {
        return fail(error.what());
    }
    flush_all();
    connections_.drop_slow(limits_.patience);
    connections_.reap();
    connections_.report(steady_now());
    arm();
}

void LedgerServer::arm()
{
    if (failure_)
        return;
    const SteadyTime next = engine_.next_tick();
    const bool is_soon = connections_.any_blocked() || connections_.has_report() || !denials_.is_empty();
    tick_timer_.arm(is_soon ? std::min(next, steady_now() + look_at_slow) : next);
}

// Nobody can tell what of the batch is on the disk: the clients ask again with the same ids after the restart.
void LedgerServer::fail(const std::string& what)
{
    failure_ = what;
    for (const Pending& pending : pending_)
        pending.connection->replies.push_back({encode_refusal(Refused(Fault::unknown, what)), {}});
    for (const Pending& pending : pending_)
        flush(*pending.connection);
    pending_.clear();
    loop_.stop();
}

void LedgerServer::note_trouble(Fault fault)
{
    if (fault == Fault::no_space || fault == Fault::read_only)
        trouble_ = {fault, steady_now()};
}

// Whoever asks before he sends something must not be told for good what only sending something would end.
std::optional<Fault> LedgerServer::trouble() const
{
    const bool is_recent = trouble_ && steady_now() - trouble_->second < trouble_counts_for;
    return is_recent ? std::optional{trouble_->first} : std::nullopt;
}

void LedgerServer::log_refusals(const std::vector<Outcome>& outcomes)
{
    const auto is_for_disk = [](const Outcome& outcome) {
        return outcome.refusal && (outcome.refusal->fault == Fault::no_space || outcome.refusal->fault == Fault::read_only);
    };
    const auto first = std::ranges::find_if(outcomes, is_for_disk);
    if (std::ranges::any_of(outcomes, [](const Outcome& outcome) { return !outcome.refusal; }))
        trouble_.reset();
    if (first == outcomes.end())
        return;
    note_trouble(first->refusal->fault);
    log(Severity::error, std::string{"ledger append error: "} + first->refusal->what(),
        {{"refused", std::to_string(std::ranges::count_if(outcomes, is_for_disk))}});
}

void LedgerServer::finish()
{
    if (failure_)
        return;
    try {
        engine_.publish();
        flush_all();
    } catch (const Error& error) {
        failure_ = error.what();
    }
}

}
