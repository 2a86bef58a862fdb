// The public tick stream.
#include "run/ticks.h"

#include "base/text.h"
#include "http/sse.h"
#include "lib/json.h"

namespace forge {

namespace {

constexpr std::size_t slow_bytes = 4096;   // some sixty ticks behind what the socket itself holds
constexpr long long most_missed = 60;
constexpr long long keep_alive_seconds = 15;

long long unix_second()
{
    return unix_millis(wall_now()) / 1000;
}

std::string tick_event(long long second)
{
    return sse::event(std::to_string(second), "tick", dump(Json::object({{"ts", second * 1000}})));
}

std::string missed_since(std::string_view last_id, long long last_second)
{
    const auto seen = parse_unsigned(last_id);
    std::string out;
    if (!seen || *seen > static_cast<unsigned long long>(last_second))
        return out;
    for (long long second = std::max(static_cast<long long>(*seen) + 1, last_second - most_missed + 1); second <= last_second; ++second)
        out += tick_event(second);
    return out;
}

}

Ticks::Ticks(Loop& loop, std::string mode, std::function<void()> dropped)
    : loop_(loop), mode_(std::move(mode)), dropped_(std::move(dropped)), last_second_(unix_second()),
      timer_(loop, [this] { tick(); })
{
    arm();
}

void Ticks::join(fastcgi::Handed handed, std::string_view head, std::string_view last_id, Action place)
{
    const auto self = listeners_.emplace(listeners_.end());
    self->place = std::move(place);
    self->stream = std::make_unique<EventStream>(loop_, std::move(handed), [this, self] { listeners_.erase(self); }, slow_bytes);
    const Json hello = Json::object({{"service", "vaultmesh-forge"}, {"mode", mode_}, {"ts", unix_millis(wall_now())}});
    const std::string start = std::string{head} + sse::retry(2000) + sse::event("", "hello", dump(hello))
                              + missed_since(last_id, last_second_);
    if (!self->stream->send(start))
        listeners_.erase(self);
}

void Ticks::arm()
{
    const auto now = wall_now();
    const auto next = std::chrono::floor<std::chrono::seconds>(now) + std::chrono::seconds{1};
    timer_.arm(steady_now() + (next - now));
}

void Ticks::tick()
{
    const long long second = unix_second();
    arm();
    if (second <= last_second_)
        return;
    last_second_ = second;
    std::string text = tick_event(second);
    if (second % keep_alive_seconds == 0)
        text += sse::keep_alive;
    const std::string record = fastcgi::stdout_records(1, text);
    for (auto listener = listeners_.begin(); listener != listeners_.end();) {
        EventStream& stream = *listener->stream;
        const bool sent = stream.request_id() == 1 ? stream.send_records(record) : stream.send(text);
        if (!sent)
            dropped_();
        listener = sent ? std::next(listener) : listeners_.erase(listener);
    }
}

void Ticks::close()
{
    for (auto& listener : std::exchange(listeners_, {})) {
        listener.stream->send(sse::event("", "bye", "{}"));
        listener.stream->finish();
    }
}

}
