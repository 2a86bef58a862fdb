// Requests to other servers, on libcurl's multi interface: thousands may wait on one loop.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "os/loop.h"

namespace forge {

struct HttpDeadlines {
    Millis connect{5'000};        // name, connection and TLS
    Millis first_byte{60'000};    // from the start to the first byte of the answer
    Millis idle{30'000};          // between two pieces of the answer
    Millis total{300'000};
};

struct HttpRequest {
    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    HttpDeadlines deadlines = {};
    std::size_t most_bytes = 8 * 1024 * 1024;   // of the answer's body
    /// Takes the pieces of a 2xx body as they come, which are then not collected; true: it was one that was waited for.
    /// Only those count for the deadlines first_byte and idle, so that nobody is kept waiting by signs of life alone.
    /// Must not throw nor destroy the task.
    std::function<bool(std::string_view)> on_piece = {};
};

enum class HttpOutcome {
    answered,    // whatever the status
    refused,     // no connection: name, network, TLS
    timeout,
    broken,      // the answer was cut off or is no HTTP
    too_large,
};

struct HttpResponse {
    HttpOutcome outcome = HttpOutcome::refused;
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;   // names in lower case
    std::string body;
    std::string problem;   // empty when answered; no secret, no URL
    std::string peer;      // "192.0.2.1:443"; empty without a connection
    Millis took{0};

    /// The first header of that (lower-case) name; empty where there is none.
    std::string_view header(std::string_view name) const;
};

/// The loop's thread only.  No redirects, no cookies, certificates are verified; connections are kept and used again.
class HttpClient {
public:
    struct Limits {
        std::size_t transfers = 8'192;      // under way at once; further ones are refused
        long kept_connections = 256;
    };

    explicit HttpClient(Loop& loop) : HttpClient(loop, Limits{}) {}
    HttpClient(Loop& loop, Limits limits);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// Destroying the task cancels the transfer.  The client must outlive its tasks.
    Task<HttpResponse> send(HttpRequest request);
    std::size_t open_transfers() const noexcept { return transfers_; }

private:
    friend class HttpTransfer;
    struct Callbacks;
    struct Multi;

    void* multi() const noexcept;   // curl's
    void act(int fd, int events);
    void watch(int fd, int what);
    void finish_done();

    Loop& loop_;
    const Limits limits_;
    std::unique_ptr<Multi> multi_;
    Loop::Timer timer_;
    std::unordered_map<int, std::unique_ptr<Loop::Watch>> watches_;
    std::size_t transfers_ = 0;
};

}
