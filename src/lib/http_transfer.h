// One request of the HTTP client under way; a part of lib/http_client.cc.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>

#include "lib/http_client.h"
#include "os/wait.h"

namespace forge {

struct FreeCurl {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

/// Its address is known to curl, so it stays where it was made: in the coroutine of send.
class HttpTransfer {
public:
    HttpTransfer(HttpClient& client, HttpRequest request);
    ~HttpTransfer();
    HttpTransfer(const HttpTransfer&) = delete;
    HttpTransfer& operator=(const HttpTransfer&) = delete;

    Event::Wait done() { return done_.wait(); }
    HttpResponse take_response() { return std::move(response_); }
    void finish(HttpOutcome outcome, std::string problem);
    void finish(CURLcode code);

private:
    struct Callbacks;

    void prepare();
    void set_body();
    void set_deadlines();
    bool take_header(std::string_view line);
    bool take_piece(std::string_view piece);
    bool is_good() const;
    void note_connection();

    HttpClient& client_;
    HttpRequest request_;
    HttpResponse response_;
    const SteadyTime started_ = steady_now();
    std::unique_ptr<CURL, FreeCurl> easy_;
    std::unique_ptr<curl_slist, FreeCurl> headers_;
    std::size_t header_bytes_ = 0;
    std::size_t body_bytes_ = 0;
    bool is_added_ = false;
    Loop::Timer silence_;   // the first byte, then each next one
    Event done_;
};

}
