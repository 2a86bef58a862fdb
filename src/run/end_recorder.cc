// Records how runs ended.
#include "run/end_recorder.h"

#include "base/log.h"

namespace forge {

namespace {

constexpr Millis patience{10'000};
constexpr std::size_t most_waiting_bytes = 64 << 20;
constexpr std::size_t small_output = 16 << 10;

Packet packet_without_output(const RunStart& start, RunEnd& end, const char* status)
{
    end.output = Json{};
    end.status = status;
    return encode_append(finished_event(start, end));
}

/// An output that the ledger cannot hold is dropped, and is invalid.
Packet packet_of(const RunStart& start, RunEnd& end)
{
    try {
        return encode_append(finished_event(start, end));
    } catch (const Error& error) {
        log(Severity::error, "output cannot be recorded: " + std::string{error.what()}, {{"run", start.run}});
    }
    end.schema = "invalid";
    return packet_without_output(start, end, "invalid");
}

/// A value in a file counts as the largest one.
std::size_t bytes_held(const Packet& packet)
{
    return packet.text.size() + packet.files.size() * private_value_limit;
}

std::size_t output_bytes(const RunEnd& end)
{
    std::size_t bytes = 0;
    for (const GuardReport& report : end.guards)
        if (report.stage == GuardStage::output)
            bytes = std::max(bytes, report.scanned_bytes);
    return bytes;
}

}

Task<std::optional<LedgerReply>> EndRecorder::record(const RunStart& start, RunEnd& end)
{
    Task<Packet> making = made(start, end);
    Packet packet = co_await making;
    try {
        LedgerReply reply = co_await ledger_.ask(packet, steady_now() + patience);
        if (!reply.ok)
            throw Error("the ledger refuses the end of a run: " + reply.error + ": " + reply.detail);
        co_return std::optional{std::move(reply)};
    } catch (const LedgerUnavailable& error) {
        log(Severity::error, "ledger append error: " + error.reason, {{"run", start.run}});
    }
    keep(start, end, std::move(packet));
    co_return std::nullopt;
}

// Canonical JSON of a large output takes long: not on the loop.
Task<Packet> EndRecorder::made(const RunStart& start, RunEnd& end)
{
    if (output_bytes(end) < small_output)
        co_return packet_of(start, end);
    auto work = [start, held = end]() mutable {
        Packet packet = packet_of(start, held);
        return std::pair{std::move(packet), std::move(held)};
    };
    auto making = compute_.run_when_free(std::move(work));
    auto [packet, kept] = co_await making;
    end = std::move(kept);
    co_return std::move(packet);
}

// As many as were under way, since nothing starts while the ledger is away: all of them are kept, but not all that they said.
void EndRecorder::keep(const RunStart& start, RunEnd& end, Packet packet)
{
    if (waiting_bytes_ + bytes_held(packet) > most_waiting_bytes) {
        log(Severity::error, "output dropped: too many wait for the ledger", {{"run", start.run}});
        packet = packet_without_output(start, end, "failed");
    }
    waiting_.insert(start.run);
    loop_.start(record_later(start.run, std::move(packet)));
}

// A worker that ends before leaves the run to be closed as unknown.
Task<void> EndRecorder::record_later(std::string run, Packet packet)
{
    const std::size_t bytes = bytes_held(packet);
    waiting_bytes_ += bytes;
    Task<LedgerReply> asking = ledger_.ask_until_answered(std::move(packet));
    co_await asking;
    waiting_bytes_ -= bytes;
    waiting_.erase(run);
}

}
