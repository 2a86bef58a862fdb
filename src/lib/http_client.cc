// The HTTP client: curl tells which sockets and which moment it waits for, the loop tells it when they come.
#include "lib/http_client.h"

#include <curl/curl.h>
#include <malloc.h>
#include <string.h>   // explicit_bzero, strdup
#include <sys/epoll.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/error.h"
#include "lib/http_transfer.h"

namespace forge {

namespace {

// What curl holds may be a key: its headers, and the buffers in which it sends them.
void wipe_and_free(void* memory) noexcept
{
    if (memory != nullptr)
        ::explicit_bzero(memory, ::malloc_usable_size(memory));
    std::free(memory);
}

void* grow_and_wipe(void* memory, std::size_t size) noexcept
{
    const std::size_t old_size = memory == nullptr ? 0 : ::malloc_usable_size(memory);
    void* const larger = std::malloc(size);
    if (larger == nullptr || memory == nullptr)
        return larger;
    std::memcpy(larger, memory, std::min(old_size, size));
    wipe_and_free(memory);
    return larger;
}

void initialise_curl()
{
    static const CURLcode code =
        curl_global_init_mem(CURL_GLOBAL_DEFAULT, std::malloc, wipe_and_free, grow_and_wipe, ::strdup, std::calloc);
    if (code != CURLE_OK)
        throw Error(std::string{"initialise libcurl: "} + curl_easy_strerror(code));
}

}

// CURL and CURLM are both void to the compiler, so FreeCurl cannot tell them apart.
struct HttpClient::Multi {
    Multi() : handle(curl_multi_init()) {}
    ~Multi() { curl_multi_cleanup(handle); }
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;
    CURLM* const handle;
};

/// What curl calls; never through an exception.
struct HttpClient::Callbacks {
    static int on_socket(CURL*, curl_socket_t fd, int what, void* client, void*) noexcept
    {
        static_cast<HttpClient*>(client)->watch(fd, what);
        return 0;
    }
    static int on_timer(CURLM*, long millis, void* client) noexcept
    {
        Loop::Timer& timer = static_cast<HttpClient*>(client)->timer_;
        timer.disarm();
        if (millis >= 0)
            timer.arm(steady_now() + Millis{millis});
        return 0;
    }
};

std::string_view HttpResponse::header(std::string_view name) const
{
    const auto at = std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
    return at == headers.end() ? std::string_view{} : at->second;
}

HttpClient::HttpClient(Loop& loop, Limits limits)
    : loop_(loop), limits_(limits), timer_(loop, [this] { act(CURL_SOCKET_TIMEOUT, 0); })
{
    initialise_curl();
    multi_ = std::make_unique<Multi>();
    CURLM* const multi = multi_->handle;
    if (!multi)
        throw std::bad_alloc{};
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &Callbacks::on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &Callbacks::on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, limits_.kept_connections);
}

HttpClient::~HttpClient()
{
    multi_.reset();   // closes connections, and says so: while the watches are still there
}

void* HttpClient::multi() const noexcept
{
    return multi_->handle;
}

Task<HttpResponse> HttpClient::send(HttpRequest request)
{
    HttpTransfer transfer{*this, std::move(request)};
    co_await transfer.done();
    co_return transfer.take_response();
}

void HttpClient::act(int fd, int events)
{
    int running = 0;
    curl_multi_socket_action(multi_->handle, fd, events, &running);
    finish_done();
}

void HttpClient::watch(int fd, int what)
{
    if (what == CURL_POLL_REMOVE) {
        watches_.erase(fd);
        return;
    }
    const std::uint32_t events = (what & CURL_POLL_IN ? EPOLLIN : 0U) | (what & CURL_POLL_OUT ? EPOLLOUT : 0U);
    std::unique_ptr<Loop::Watch>& watch = watches_[fd];
    if (watch)
        return watch->change(events);
    watch = std::make_unique<Loop::Watch>(loop_, fd, events, [this, fd](std::uint32_t ready) {
        act(fd, (ready & EPOLLIN ? CURL_CSELECT_IN : 0) | (ready & EPOLLOUT ? CURL_CSELECT_OUT : 0)
                    | (ready & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0));
    });
}

void HttpClient::finish_done()
{
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_->handle, &left)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        char* transfer = nullptr;
        const CURLcode code = message->data.result;   // the message is gone once its handle is removed
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        reinterpret_cast<HttpTransfer*>(transfer)->finish(code);
    }
}

}
