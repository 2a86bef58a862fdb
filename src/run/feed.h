// What a run under way has to tell, for those who watch it: kept to be told again to whoever joins late.
#pragma once

#include "base/action.h"
#include "http/reply.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

namespace forge {

/// The events of one run as server-sent events with the ids "<run>:<n>", n from 1.  The loop's thread only.
class RunFeed {
public:
    /// `dropped` is called for each listener that was too slow, `deserted` whenever the last one has gone by itself.
    struct Observers {
        std::function<void()> dropped = [] {};
        std::function<void()> deserted = [] {};
    };
    RunFeed(Loop& loop, std::string run) : loop_(loop), run_(std::move(run)) {}
    RunFeed(const RunFeed&) = delete;
    RunFeed& operator=(const RunFeed&) = delete;

    void observe(Observers observers) { observers_ = std::move(observers); }

    /// {"line"}: what happens.
    void log(std::string_view line);
    /// {"text"}: a piece of the answer, provisional until "done".
    void token(std::string_view text);
    /// The last event, "done" or "error": everybody is told and let go, also who joins later.
    void end(std::string name, std::string data);
    /// Says bye and lets everybody go, who may come back.
    void dismiss();

    /// Sends the head, retry and all events after the n-th; then what follows, until the end.  `place` is destroyed when
    /// the listener leaves: let it own the listener's place among the streams.
    void join(fastcgi::Handed handed, std::string_view head, std::uint64_t seen, Action place);
    void keep_alive();
    std::size_t listeners() const noexcept { return listeners_.size(); }

    /// Of what was told so much is kept; the oldest tokens go first.
    static constexpr std::size_t most_kept_bytes = 1 << 20;

private:
    struct Told {
        std::string name;
        std::string text;       // of a token; else the event's data
    };
    struct Listener {
        Action place;
        std::unique_ptr<EventStream> stream;
    };
    using Listeners = std::list<Listener>;

    void tell(std::string name, std::string text);
    std::string encoded(std::uint64_t number, const Told& told) const;
    std::string since(std::uint64_t seen) const;
    void leave(Listeners::iterator listener);
    void let_go(std::string_view last_words);
    void send(const std::string& text);

    Loop& loop_;
    const std::string run_;
    Observers observers_;
    std::deque<Told> told_;
    std::uint64_t forgotten_ = 0;   // events that are not kept any more: the first kept one is number forgotten_ + 1
    std::size_t kept_bytes_ = 0;
    bool has_ended_ = false;
    Listeners listeners_;
};

/// The run and the number of the last event seen, of a Last-Event-ID; nothing when it is none of a run's.
struct FeedPlace {
    std::string run;
    std::uint64_t seen = 0;
};
std::optional<FeedPlace> feed_place(std::string_view last_event_id);

/// An event stream of a run that is over: retry and one last event.
std::string ended_stream(const std::string& run, std::string_view name, const std::string& data);

}
