// Between workers.
#include "run/relay.h"

#include "base/log.h"
#include "http/message.h"
#include "http/sse.h"
#include "os/socket.h"

#include <sys/socket.h>

namespace forge {

namespace {

constexpr int backlog = 1024;
constexpr int again_millis = 1000;
constexpr std::size_t most_served = 4096;         // joins take no time; a cancel waits for the run's end
constexpr std::chrono::seconds packet_patience{5};
constexpr std::chrono::seconds end_patience{15};

Packet packet_of(const Json& json)
{
    Packet packet;
    packet.text = dump(json);
    return packet;
}

}

RunRelay::RunRelay(Loop& loop, const WorkerLife& life, Runs& runs, GivePlace place, GiveBack give_back)
    : loop_(loop), life_(life), runs_(runs), place_(std::move(place)), give_back_(std::move(give_back)),
      listener_(listen_local(life.socket(life.name()), SOCK_SEQPACKET | SOCK_NONBLOCK, backlog, 0600)),
      watch_(loop, listener_.get(), EPOLLIN, [this](std::uint32_t) { accept(); })
{
}

void RunRelay::accept()
{
    while (Fd connection{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)}) {
        if (served_ < most_served)
            loop_.start(serve(std::move(connection)));
    }
}

Task<void> RunRelay::serve(Fd connection)
{
    ++served_;
    try {
        Packet packet;
        const auto events = co_await ready_until(loop_, connection.get(), EPOLLIN, steady_now() + packet_patience);
        if (events != 0 && receive_packet(connection.get(), packet) == Received::packet) {
            Task<void> answering = answer(connection, std::move(packet));
            co_await answering;
        }
    } catch (const std::exception& error) {
        log(Severity::warning, "another worker's request failed", {{"reason", error.what()}});
    }
    --served_;
}

Task<void> RunRelay::answer(const Fd& connection, Packet packet)
{
    const Json request = parse_json(packet.text);
    if (request["op"].as_text() == "join") {
        take(request, packet);
        co_return;
    }
    const auto run = runs_.find(std::string{request["run"].as_text()});
    bool has_ended = false;
    if (run) {
        run->cancel(CancelCause::caller);
        has_ended = co_await run->ended.wait_until(steady_now() + end_patience);
    }
    send_packet(connection.get(), packet_of(Json::object({{"ok", has_ended}})));
}

// Where the run has ended in the meantime, or there is no place, the client comes again by itself.
void RunRelay::take(const Json& request, Packet& packet)
{
    if (packet.files.size() != 1)
        return;
    fastcgi::Handed handed{std::move(packet.files.front()), static_cast<std::uint16_t>(request["request"].as_integer()),
                           request["keep"].as_bool(), give_back_};
    const std::string head{request["head"].as_text()};
    const auto run = runs_.find(std::string{request["run"].as_text()});
    try {
        if (run) {
            Action place = place_(std::string{request["address"].as_text()});
            return run->join(std::move(handed), head, static_cast<std::uint64_t>(request["seen"].as_integer()), std::move(place));
        }
    } catch (const Refusal&) {   // this worker stops, or no more streams can be open
    }
    auto stream = std::make_unique<EventStream>(loop_, std::move(handed), [] {});
    loop_.start(let_out(loop_, std::move(stream), head + sse::retry(again_millis) + sse::event("", "bye", "{}")));
}

Fd RunRelay::connect(const std::string& worker) const
{
    if (!life_.gone(worker).empty())
        return Fd{};
    try {
        return connect_local(life_.socket(worker), SOCK_SEQPACKET, SOCK_NONBLOCK);
    } catch (const Error&) {
        return Fd{};
    }
}

bool RunRelay::join(const Fd& owner, fastcgi::Handed handed, const JoinRequest& request)
{
    Packet packet = packet_of(Json::object({{"op", "join"},
                                            {"run", request.run},
                                            {"seen", request.seen},
                                            {"head", request.head},
                                            {"request", handed.request_id},
                                            {"keep", handed.keep},
                                            {"address", request.address}}));
    packet.files.push_back(std::move(handed.connection));
    return send_packet(owner.get(), packet) == Sent::yes;
}

Task<bool> RunRelay::cancel(std::string worker, std::string run)
{
    const Fd owner = connect(worker);
    if (!owner || send_packet(owner.get(), packet_of(Json::object({{"op", "cancel"}, {"run", run}}))) != Sent::yes)
        co_return false;
    Packet reply;
    const auto events = co_await ready_until(loop_, owner.get(), EPOLLIN, steady_now() + end_patience);
    co_return events != 0 && receive_packet(owner.get(), reply) == Received::packet && parse_json(reply.text)["ok"].as_bool();
}

}
