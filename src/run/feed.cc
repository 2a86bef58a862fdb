// What a run under way has to tell.
#include "run/feed.h"

#include "base/text.h"
#include "http/sse.h"
#include "lib/json.h"

namespace forge {

namespace {

constexpr int retry_millis = 2000;
constexpr std::size_t run_id_bytes = 36;

std::string id_of(const std::string& run, std::uint64_t number)
{
    return run + ":" + std::to_string(number);
}

}

void RunFeed::log(std::string_view line)
{
    tell("log", dump(Json::object({{"line", line}})));
}

void RunFeed::token(std::string_view text)
{
    tell("token", std::string{text});
}

std::string RunFeed::encoded(std::uint64_t number, const Told& told) const
{
    const std::string data = told.name == "token" ? dump(Json::object({{"text", told.text}})) : told.text;
    return sse::event(id_of(run_, number), told.name, data);
}

void RunFeed::tell(std::string name, std::string text)
{
    kept_bytes_ += text.size();
    told_.push_back({std::move(name), std::move(text)});
    while (kept_bytes_ > most_kept_bytes && told_.size() > 1) {
        kept_bytes_ -= told_.front().text.size();
        told_.pop_front();
        ++forgotten_;
    }
    if (!listeners_.empty())
        send(encoded(forgotten_ + told_.size(), told_.back()));
}

// Tokens in a row become one: who comes late wants the text, not its pieces.
std::string RunFeed::since(std::uint64_t seen) const
{
    std::string out;
    for (std::size_t i = seen > forgotten_ ? seen - forgotten_ : 0; i < told_.size(); ++i) {
        Told event = told_[i];
        if (event.name == "token")
            for (; i + 1 < told_.size() && told_[i + 1].name == "token"; ++i)
                event.text += told_[i + 1].text;
        out += encoded(forgotten_ + i + 1, event);
    }
    return out;
}

void RunFeed::join(fastcgi::Handed handed, std::string_view head, std::uint64_t seen, Action place)
{
    if (has_ended_) {
        auto stream = std::make_unique<EventStream>(loop_, std::move(handed), [] {});
        loop_.start(let_out(loop_, std::move(stream), std::string{head} + sse::retry(retry_millis) + since(seen)));
        return;
    }
    const auto self = listeners_.emplace(listeners_.end());
    self->place = std::move(place);
    self->stream = std::make_unique<EventStream>(loop_, std::move(handed), [this, self] { leave(self); }, 2 * most_kept_bytes);
    if (!self->stream->send(std::string{head} + sse::retry(retry_millis) + since(seen)))
        leave(self);
}

// `deserted` may end the run, and with it this feed: nothing is touched after it.
void RunFeed::leave(Listeners::iterator listener)
{
    listeners_.erase(listener);
    if (listeners_.empty())
        observers_.deserted();
}

void RunFeed::send(const std::string& text)
{
    bool is_left = false;
    for (auto listener = listeners_.begin(); listener != listeners_.end();) {
        if (listener->stream->send(text)) {
            ++listener;
            continue;
        }
        observers_.dropped();
        listener = listeners_.erase(listener);
        is_left = true;
    }
    if (is_left && listeners_.empty())
        observers_.deserted();
}

void RunFeed::keep_alive()
{
    send(std::string{sse::keep_alive});
}

void RunFeed::let_go(std::string_view last_words)
{
    for (auto& listener : std::exchange(listeners_, {}))
        loop_.start(let_out(loop_, std::move(listener.stream), std::string{last_words}));
}

void RunFeed::end(std::string name, std::string data)
{
    told_.push_back({std::move(name), std::move(data)});
    has_ended_ = true;
    if (!listeners_.empty())
        let_go(encoded(forgotten_ + told_.size(), told_.back()));
}

void RunFeed::dismiss()
{
    let_go(sse::event("", "bye", "{}"));
}

std::optional<FeedPlace> feed_place(std::string_view last_event_id)
{
    const std::size_t colon = last_event_id.find(':');
    if (colon != run_id_bytes)
        return std::nullopt;
    const auto seen = parse_unsigned(last_event_id.substr(colon + 1));
    return seen ? std::optional{FeedPlace{std::string{last_event_id.substr(0, colon)}, *seen}} : std::nullopt;
}

std::string ended_stream(const std::string& run, std::string_view name, const std::string& data)
{
    return sse::retry(retry_millis) + sse::event(id_of(run, 1), name, data);
}

}
