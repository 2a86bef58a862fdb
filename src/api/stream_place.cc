// What every event stream of ours has.
#include "api/stream_place.h"

#include "limits/streams.h"
#include "metrics/metrics.h"

namespace forge {

namespace {

/// Counted for as long as it lives.
class OpenStream {
public:
    OpenStream(StreamSlots::Slot slot, Metrics& metrics, const char* kind) : slot_(std::move(slot)), metrics_(&metrics), kind_(kind)
    {
        ++metrics.streams(kind_);
    }
    OpenStream(OpenStream&& other) noexcept
        : slot_(std::move(other.slot_)), metrics_(std::exchange(other.metrics_, nullptr)), kind_(other.kind_) {}
    OpenStream& operator=(OpenStream&&) = delete;
    ~OpenStream() { if (metrics_) --metrics_->streams(kind_); }

private:
    StreamSlots::Slot slot_;
    Metrics* metrics_;
    const char* kind_;
};

}

Answer stream_head()
{
    Answer answer;
    answer.content_type = event_stream;
    return answer.with("cache-control", "no-cache, no-transform").with("x-accel-buffering", "no");
}

Action stream_place(App& app, const std::string& address, const char* kind, bool is_anonymous)
{
    const auto config = app.settings.get();
    auto slot = app.slots.open(address, is_anonymous, {config->sse_clients, config->sse_anonymous_percent, config->sse_per_address});
    if (!slot || app.stopping) {
        Refusal refusal(503, "sse_capacity", "no more event streams can be open: SSE_MAX_CLIENTS or a share of it is reached");
        refusal.headers.emplace_back("retry-after", "5");
        throw refusal;
    }
    return Action{[stream = OpenStream{std::move(*slot), app.metrics, kind}] {}};
}

}
