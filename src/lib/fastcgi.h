// FastCGI 1.0, on libfcgi: a request read and answered on a thread, or handed on to be answered elsewhere.
#pragma once

#include "os/fd.h"

#include <fcgiapp.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace forge::fastcgi {

/// A request whose body was read to its end and that somebody else answers now, with the records below.
struct Handed {
    Fd connection;
    std::uint16_t request_id = 0;
    bool keep = false;   // nginx keeps the connection for further requests
    std::function<void(Fd)> give_back{};   // where it goes then, once it is answered
};

/// One request on a connection that is readable.  It belongs to one thread.
class Exchange {
public:
    /// Reads the parameters; blocks while nginx sends them.
    explicit Exchange(Fd connection);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// False when the peer closed the connection or sent no request: it is closed then.
    bool is_open() const noexcept { return open_; }
    int descriptor() const noexcept { return request_.ipcFd; }

    /// A parameter of nginx ("REQUEST_METHOD", "HTTP_ACCEPT", …); empty where it is missing.
    std::string_view param(const char* name) const noexcept;
    /// All of them as texts NAME=value, a null pointer at the end.
    const char* const* params() const noexcept { return request_.envp; }
    /// Up to `size` bytes of the body; 0 at its end.
    std::size_t read(char* data, std::size_t size);
    /// The rest of the body; nothing when it is longer than `limit` (it is then read to its end and dropped).
    std::optional<std::string> read_body(std::size_t limit);

    void write(std::string_view data);
    /// Ends the answer.  Gives the connection when nginx keeps it.
    Fd finish();
    /// The body must have been read to its end and nothing been written.
    Handed hand_over();

private:
    FCGX_Request request_{};
    bool open_ = false;
};

/// FCGI_STDOUT records with the data, none for empty data (spec section 3.3).
std::string stdout_records(std::uint16_t request_id, std::string_view data);
/// FCGI_END_REQUEST, and the empty FCGI_STDOUT before it.
std::string end_records(std::uint16_t request_id);

}
