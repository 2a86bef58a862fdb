// forge-ledgerd's socket.
#include "ledger/server.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "base/log.h"
#include "os/socket.h"

namespace forge {

namespace {

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

LedgerServer::LedgerServer(Loop& loop, Fd listener, Engine& engine, Rights rights, std::function<void()> on_tick, ServerLimits limits)
    : loop_(loop), listener_(std::move(listener)), engine_(engine), rights_(std::move(rights)), on_tick_(std::move(on_tick)),
      limits_(limits), commit_timer_(loop, [this] { commit(); }), tick_timer_(loop, [this] { tick(); })
{
    set_nonblocking(listener_.get(), true);
    listener_watch_ = std::make_unique<Loop::Watch>(loop_, listener_.get(), EPOLLIN, [this](std::uint32_t) { accept(); });
    arm();
}

LedgerServer::~LedgerServer() = default;

void LedgerServer::accept()
{
    for (;;) {
        Fd socket{::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (!socket) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            if (errno != EAGAIN)
                log(Severity::error, errno_error("accept on the ledger's socket").what());
            return;
        }
        if (connections_.size() >= limits_.connections)
            log(Severity::warning, "ledger connection refused: there are too many");
        else
            adopt(std::move(socket));
    }
}

void LedgerServer::adopt(Fd socket)
try {
    const Peer peer = peer_of(socket);
    auto connection = std::make_unique<Connection>(Connection{std::move(socket), ledger_peer(peer.uid, peer.gid)});
    Connection* const key = connection.get();
    connection->watch = std::make_unique<Loop::Watch>(loop_, connection->socket.get(), EPOLLIN,
                                                      [this, key](std::uint32_t events) { on_event(*key, events); });
    connections_[key] = std::move(connection);
} catch (const SystemError& error) {
    log(Severity::warning, "ledger connection refused", {{"error", error.what()}});
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
        if (received == Received::closed) {
            connection.is_closed = true;
            commit_timer_.arm(this_turn);
            return;
        }
        take(connection, std::move(packet), received == Received::packet);
    }
} catch (const SystemError& error) {
    log(Severity::warning, "ledger connection lost", {{"error", error.what()}});
    connection.is_closed = true;
    commit_timer_.arm(this_turn);
}

void LedgerServer::take(Connection& connection, Packet&& packet, bool is_whole)
{
    Pending pending{&connection};
    try {
        if (!is_whole)
            throw Refused(Fault::too_big, "a packet beyond 128 KiB or 16 files");
        pending.request = allowed(connection, std::move(packet));
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
    const auto check = [&](const std::string& type) {
        if (rights_.allows(connection.peer, request.operation, type))
            return;
        denials_.note(connection.peer, request.operation, type);
        throw Refused(Fault::denied, connection.peer.user + " may not " + std::string{name_of(request.operation)}
                                         + (type.empty() ? "" : " " + type));
    };
    if (request.events.empty())
        check({});
    for (const LedgerEvent& event : request.events)
        check(event.type);
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
    reap();
    arm();
}

void LedgerServer::answer_all(std::vector<Outcome>&& outcomes)
{
    auto outcome = outcomes.begin();
    for (const Pending& pending : pending_)
        pending.connection->replies.push_back(answer(pending, outcome));
    for (const Pending& pending : pending_)
        flush(*pending.connection);
    pending_.clear();
    pending_bytes_ = 0;
}

LedgerServer::Reply LedgerServer::answer(const Pending& pending, std::vector<Outcome>::iterator& outcome)
try {
    if (pending.refusal)
        throw *pending.refusal;
    switch (pending.request.operation) {
    case Operation::append:
    case Operation::appendv: return {encode_outcome(pending.request.operation, *outcome++, engine_.head().size()), {}};
    case Operation::head: return {encode_head_reply(engine_), {}};
    case Operation::stats: return {encode_stats_reply(engine_, trouble()), {}};
    case Operation::reveal: return {encode_revealed(engine_.reveal(pending.request.reveal)), {}};
    case Operation::repair:
        engine_.record(pending.request.repair.type, pending.request.repair.event);
        return {encode_head_reply(engine_), {}};
    case Operation::subject_tag: return {encode_tag(engine_.tag_of(pending.request.reveal.subject)), {}};
    case Operation::redact: {
        const Redacted redacted = engine_.redact(pending.request.redact, pending.connection->peer.user);
        return {encode_redacted(redacted, engine_.head().size()), {}};
    }
    case Operation::seal: engine_.seal(); return {encode_sealed(engine_, {}), {}};
    case Operation::freeze: return {encode_sealed(engine_, engine_.freeze(pending.request.reason, pending.connection->peer.user)), {}};
    case Operation::cosign: engine_.cosign(pending.request.note); return {encode_published(engine_), {}};
    case Operation::rotate_key:
        pending.request.retire.empty() ? engine_.rotate_key()
                                       : engine_.retire_key(pending.request.retire, pending.request.is_forced);
        return {encode_keys(engine_), {}};
    case Operation::wait_published:
        if (pending.request.size > engine_.head().size())
            throw Refused(Fault::invalid, "size: beyond the ledger");
        return {{}, pending.request.size};
    }
    throw Refused(Fault::invalid, "op: unknown");
} catch (const Refused& refused) {
    return {encode_refusal(refused), {}};
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
        case Sent::closed: connection.is_closed = true; break;
        }
    }
    if (is_blocked && !connection.is_blocked)
        connection.progress = steady_now();
    connection.is_blocked = is_blocked;
    const bool reads = connection.replies.size() < limits_.waiting_replies;
    connection.watch->change((reads ? EPOLLIN : 0U) | (is_blocked ? EPOLLOUT : 0U));
    if (connection.is_closed)
        commit_timer_.arm(this_turn);
}

void LedgerServer::flush_all()
{
    for (const auto& [key, connection] : connections_)
        if (!connection->replies.empty())
            flush(*connection);
}

void LedgerServer::drop_slow()
{
    for (const auto& [key, connection] : connections_)
        if (connection->is_blocked && steady_now() - connection->progress > limits_.patience) {
            log(Severity::warning, "ledger connection dropped: it does not take its replies", {{"user", connection->peer.user}});
            connection->is_closed = true;
        }
}

void LedgerServer::reap()
{
    std::erase_if(connections_, [](const auto& entry) { return entry.second->is_closed; });
}

void LedgerServer::tick()
{
    try {
        engine_.tick();
        for (const std::string& event : denials_.take(steady_now()))
            engine_.record("ledger.incident", event);
        if (on_tick_)
            on_tick_();
    } catch (const Refused& refused) {
        log(Severity::error, std::string{"ledger append error: "} + refused.what());
        note_trouble(refused.fault);
    } catch (const Error& error) {
        return fail(error.what());
    }
    flush_all();
    drop_slow();
    reap();
    arm();
}

void LedgerServer::arm()
{
    if (failure_)
        return;
    const bool any_blocked = std::ranges::any_of(connections_, [](const auto& entry) { return entry.second->is_blocked; });
    const SteadyTime next = engine_.next_tick();
    tick_timer_.arm(any_blocked || !denials_.is_empty() ? std::min(next, steady_now() + look_at_slow) : next);
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
