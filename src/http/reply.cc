// Answering, from the loop, a request that was handed over.
#include "http/reply.h"

#include <sys/socket.h>

#include <cerrno>

namespace forge {

namespace {

constexpr std::chrono::seconds patience{30};

void give_back(fastcgi::Handed& handed)
{
    if (handed.keep && handed.give_back)
        handed.give_back(std::move(handed.connection));
}

// How much the socket took; -1 when the peer is gone.
ssize_t send_some(const Fd& fd, std::string_view data)
{
    for (;;) {
        const ssize_t count = ::send(fd.get(), data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0)
            return count;
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            return 0;
        if (errno != EINTR)
            return -1;
    }
}

}

Task<void> deliver(Loop& loop, fastcgi::Handed handed, std::string answer)
{
    const std::string records = fastcgi::stdout_records(handed.request_id, answer) + fastcgi::end_records(handed.request_id);
    std::string_view rest = records;
    const SteadyTime deadline = steady_now() + patience;
    while (!rest.empty()) {
        const ssize_t count = send_some(handed.connection, rest);
        if (count < 0)
            co_return;
        rest.remove_prefix(static_cast<std::size_t>(count));
        if (count == 0) {
            const auto events = co_await ready_until(loop, handed.connection.get(), EPOLLOUT, deadline);
            if ((events & EPOLLOUT) == 0)
                co_return;
        }
    }
    give_back(handed);
}

EventStream::EventStream(Loop& loop, fastcgi::Handed handed, std::function<void()> on_gone, std::size_t bound)
    : handed_(std::move(handed)), bound_(bound), on_gone_(std::move(on_gone))
{
    watch_.emplace(loop, handed_.connection.get(), EPOLLRDHUP, [this](std::uint32_t events) { on_events(events); });
}

void EventStream::on_events(std::uint32_t events)
{
    const bool peer_left = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    const bool is_well = !peer_left && write_pending();
    if (is_well && !(finishing_ && pending_.empty()))
        return;
    close(is_well);
    if (auto tell = std::exchange(on_gone_, nullptr))
        tell();
}

bool EventStream::send(std::string_view text)
{
    return send_records(fastcgi::stdout_records(handed_.request_id, text));
}

bool EventStream::send_records(std::string_view records)
{
    const bool is_too_slow = !pending_.empty() && pending_.size() + records.size() > bound_;
    return is_open() && !is_too_slow && push(records);
}

bool EventStream::push(std::string_view records)
{
    if (pending_.empty()) {
        const ssize_t count = send_some(handed_.connection, records);
        if (count < 0)
            return false;
        records.remove_prefix(static_cast<std::size_t>(count));
    }
    if (!records.empty()) {
        pending_ += records;
        watch_->change(EPOLLRDHUP | EPOLLOUT);
    }
    return true;
}

bool EventStream::write_pending()
{
    const ssize_t count = send_some(handed_.connection, pending_);
    if (count < 0)
        return false;
    pending_.erase(0, static_cast<std::size_t>(count));
    if (pending_.empty())
        watch_->change(EPOLLRDHUP);
    return true;
}

void EventStream::finish(std::string_view last_words)
{
    if (!is_open())
        return;
    const std::uint16_t id = handed_.request_id;
    const bool is_sent = push(fastcgi::stdout_records(id, last_words) + fastcgi::end_records(id));
    finishing_ = true;
    if (!is_sent || pending_.empty())
        close(is_sent);
}

// nginx has a connection whose answer is whole among its idle ones: one that was closed then would fail the next request.
void EventStream::close(bool is_well)
{
    watch_.reset();
    if (is_well)
        give_back(handed_);
    handed_.connection = Fd{};
    pending_ = {};
}

Task<void> let_out(Loop& loop, std::unique_ptr<EventStream> stream, std::string last_words)
{
    Event gone{loop};
    stream->on_gone([&gone] { gone.set(); });
    stream->finish(last_words);
    if (stream->is_open())
        co_await gone.wait_until(steady_now() + patience);
}

}
