// HTTP as the command line speaks it: one request after the other, each waited for, on libcurl.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/error.h"

namespace forge {

/// The server could not be reached, or its answer did not come to an end.
struct WebError : Error {
    using Error::Error;
};

struct WebRequest {
    std::string method = "GET";
    std::string url;
    std::map<std::string, std::string> headers;
    std::string body;
    Millis deadline{60'000};
    std::size_t longest_answer = 256 << 20;
    /// Looks at what has come of the body so far; true: that is all that is wanted of an answer that may have no end.
    std::function<bool(const std::string& body)> enough = {};
    /// Called now and then while the request runs: bytes sent so far.
    std::function<void(std::uint64_t)> progress;
};

struct WebAnswer {
    long status = 0;
    std::map<std::string, std::string> headers;   // names in lower case; of several the last
    std::string body;
};

/// Keeps its connection between requests.  For one thread.
class WebClient {
public:
    WebClient();
    ~WebClient();
    WebClient(const WebClient&) = delete;
    WebClient& operator=(const WebClient&) = delete;

    /// Throws WebError without an answer; any status is an answer.
    WebAnswer send(const WebRequest& request);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}
