// GET /v1/tick/stream
#include "run/ticks.h"

#include "api/handlers.h"
#include "config/config.h"
#include "limits/streams.h"
#include "metrics/metrics.h"

namespace forge::api {

namespace {

/// Counted for as long as it lives.
class OpenStream {
public:
    OpenStream(StreamSlots::Slot slot, Metrics& metrics) : slot_(std::move(slot)), metrics_(&metrics) { ++metrics.streams("tick"); }
    OpenStream(OpenStream&& other) noexcept : slot_(std::move(other.slot_)), metrics_(std::exchange(other.metrics_, nullptr)) {}
    OpenStream& operator=(OpenStream&&) = delete;
    ~OpenStream() { if (metrics_) --metrics_->streams("tick"); }

private:
    StreamSlots::Slot slot_;
    Metrics* metrics_;
};

}

Answer ticks_head(Call& call)
{
    Answer answer;
    answer.content_type = "text/event-stream";
    answer.with("cache-control", "no-cache, no-transform").with("x-accel-buffering", "no");
    if (call.request.method == Method::head)
        return answer;
    const Config& config = *call.config;
    auto slot = call.app->slots.open(call.request.address, true,
                                     {config.sse_clients, config.sse_anonymous_percent, config.sse_per_address});
    if (!slot || call.app->stopping) {
        Refusal refusal(503, "sse_capacity", "no more event streams can be open: SSE_MAX_CLIENTS or a share of it is reached");
        refusal.headers.emplace_back("retry-after", "5");
        throw refusal;
    }
    call.held = [stream = OpenStream{std::move(*slot), call.app->metrics}] {};
    return answer;
}

void ticks_start(Call call, fastcgi::Handed handed, std::string head)
{
    call.app->ticks.join(std::move(handed), head, call.request.last_event_id, std::move(call.held));
}

}
