// The public tick stream: one record a second, made once and sent to everyone who listens.
#pragma once

#include "base/action.h"
#include "http/reply.h"

#include <functional>
#include <list>
#include <memory>
#include <string>

namespace forge {

/// The loop's thread only.
class Ticks {
public:
    /// `mode` is what hello says; `dropped` is called for each listener that was too slow.
    Ticks(Loop& loop, std::string mode, std::function<void()> dropped);

    /// Sends the head, retry, hello and the ticks missed since `last_id` (at most 60); then one each second.
    /// `place` is destroyed when the listener leaves: let it own the listener's place among the streams.
    void join(fastcgi::Handed handed, std::string_view head, std::string_view last_id, Action place);
    std::size_t listeners() const noexcept { return listeners_.size(); }
    /// Says bye to everyone and closes.
    void close();

private:
    struct Listener {
        Action place;
        std::unique_ptr<EventStream> stream;
    };

    void tick();
    void arm();

    Loop& loop_;
    const std::string mode_;
    const std::function<void()> dropped_;
    std::list<Listener> listeners_;
    long long last_second_;
    Loop::Timer timer_;
};

}
