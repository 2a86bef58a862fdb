// Answering, from the loop, a request that was handed over.
#pragma once

#include "lib/fastcgi_server.h"
#include "os/wait.h"

#include <functional>
#include <memory>
#include <string>

namespace forge {

/// Writes a whole answer (CGI headers and body) and gives the connection back, or closes it when nginx is gone or does
/// not take it within 30 s.
Task<void> deliver(Loop& loop, fastcgi::Handed handed, std::string answer);

/// A stream to one client: what is sent is written at once or kept, up to a bound.  The loop's thread only.
class EventStream {
public:
    /// `on_gone` is called once when the client went away or was dropped for being slow; the stream may be destroyed in it.
    EventStream(Loop& loop, fastcgi::Handed handed, std::function<void()> on_gone, std::size_t bound = 256 * 1024);

    std::uint16_t request_id() const noexcept { return handed_.request_id; }
    /// False when the client is gone or too slow: more bytes than the bound would be waiting for it.  Where nothing waits,
    /// any length is taken.
    bool send(std::string_view text);
    /// The same with records that are made already (fastcgi::stdout_records with this stream's request id).
    bool send_records(std::string_view records);
    /// Ends the answer, whatever the bound, and gives the connection back once all is written: see let_out.
    void finish(std::string_view last_words = {});
    bool is_open() const noexcept { return static_cast<bool>(handed_.connection); }
    /// In the place of the one given before.
    void on_gone(std::function<void()> tell) { on_gone_ = std::move(tell); }

private:
    void on_events(std::uint32_t events);
    bool push(std::string_view records);
    bool write_pending();
    void close(bool is_well);

    fastcgi::Handed handed_;
    const std::size_t bound_;
    std::string pending_;
    bool finishing_ = false;
    std::function<void()> on_gone_;
    std::optional<Loop::Watch> watch_;
};

/// Finishes the stream and keeps it until the client has taken all, or for 30 s.
Task<void> let_out(Loop& loop, std::unique_ptr<EventStream> stream, std::string last_words);

}
