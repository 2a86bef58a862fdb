// The HTTP client: curl tells which sockets and which moment it waits for, the loop tells it when they come.
#include "lib/http_client.h"

#include <curl/curl.h>
#include <malloc.h>
#include <stdlib.h>   // secure_getenv
#include <string.h>   // explicit_bzero, strdup
#include <sys/epoll.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "os/secret_memory.h"
#include "os/wait.h"

namespace forge {

namespace {

constexpr std::size_t most_header_bytes = 64 * 1024;

struct FreeCurl {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, FreeCurl>;
using HeaderList = std::unique_ptr<curl_slist, FreeCurl>;

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

template <class Value>
void set(CURL* easy, CURLoption option, Value value)
{
    if (const CURLcode code = curl_easy_setopt(easy, option, value); code != CURLE_OK)
        throw Error(std::string{"prepare a request: "} + curl_easy_strerror(code));
}

HeaderList header_list(const HttpRequest& request)
{
    HeaderList list;
    const auto append = [&list](std::string line) {
        curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
        wipe(line);
        if (!longer)
            throw std::bad_alloc{};
        static_cast<void>(list.release());
        list.reset(longer);
    };
    append("Expect:");   // a body goes out at once: no waiting for 100 Continue
    for (const auto& [name, value] : request.headers) {
        constexpr std::string_view breaks{"\r\n\0", 3};
        if (name.find_first_of(breaks) != name.npos || value.find_first_of(breaks) != value.npos)
            throw Error("prepare a request: header " + name + " contains a line break");
        std::string line;
        line.reserve(name.size() + value.size() + 2);   // a longer buffer would leave the shorter one behind
        append(std::move(line.append(name).append(": ").append(value)));
    }
    return list;
}

HttpOutcome outcome_of(CURLcode code)
{
    switch (code) {
    case CURLE_OK: return HttpOutcome::answered;
    case CURLE_OPERATION_TIMEDOUT: return HttpOutcome::timeout;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT: return HttpOutcome::refused;
    default: return HttpOutcome::broken;
    }
}

const char* no_proxy()
{
    static const std::string hosts = [] {
        const char* const given = ::secure_getenv("no_proxy");
        return (given ? std::string{given} + "," : "") + "localhost,127.0.0.1,::1";
    }();
    return hosts.c_str();
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

/// One request under way.  Its address is known to curl, so it stays where it was made: in the coroutine of send.
class HttpClient::Transfer {
public:
    Transfer(HttpClient& client, HttpRequest request);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    Event::Wait done() { return done_.wait(); }
    HttpResponse take_response() { return std::move(response_); }
    void finish(HttpOutcome outcome, std::string problem);
    void finish(CURLcode code);

private:
    friend struct HttpClient::Callbacks;

    void prepare();
    void set_deadlines();
    bool take_header(std::string_view line);
    bool take_piece(std::string_view piece);

    HttpClient& client_;
    HttpRequest request_;
    HttpResponse response_;
    const SteadyTime started_ = steady_now();
    Easy easy_;
    HeaderList headers_;
    std::size_t header_bytes_ = 0;
    std::size_t body_bytes_ = 0;
    bool is_added_ = false;
    Loop::Timer silence_;   // the first byte, then each next one
    Event done_;
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
    static std::size_t on_header(char* data, std::size_t, std::size_t size, void* transfer) noexcept
    {
        return static_cast<Transfer*>(transfer)->take_header({data, size}) ? size : 0;
    }
    static std::size_t on_body(char* data, std::size_t, std::size_t size, void* transfer) noexcept
    {
        return static_cast<Transfer*>(transfer)->take_piece({data, size}) ? size : 0;
    }
};

HttpClient::Transfer::Transfer(HttpClient& client, HttpRequest request)
    : client_(client), request_(std::move(request)), easy_(curl_easy_init()),
      silence_(client.loop_, [this] { finish(HttpOutcome::timeout, "no answer in time"); }), done_(client.loop_)
{
    ++client_.transfers_;
    try {
        if (client_.transfers_ > client_.limits_.transfers)
            throw Error("too many requests are under way");
        prepare();
    } catch (const Error& error) {
        finish(HttpOutcome::refused, error.what());
    }
}

HttpClient::Transfer::~Transfer()
{
    --client_.transfers_;
    if (is_added_)
        curl_multi_remove_handle(client_.multi_->handle, easy_.get());
    for (auto& [name, value] : request_.headers)
        wipe(value);
}

void HttpClient::Transfer::prepare()
{
    CURL* const easy = easy_.get();
    if (!easy)
        throw std::bad_alloc{};
    headers_ = header_list(request_);
    set(easy, CURLOPT_PRIVATE, this);
    set(easy, CURLOPT_URL, request_.url.c_str());
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(easy, CURLOPT_NOPROXY, no_proxy());
    set(easy, CURLOPT_USERAGENT, "vaultmesh-forge/" FORGE_VERSION);
    set(easy, CURLOPT_HTTPHEADER, headers_.get());
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_QUICK_EXIT, 1L);   // a cancelled request does not wait for its name to be resolved
    set(easy, CURLOPT_HEADERFUNCTION, &Callbacks::on_header);
    set(easy, CURLOPT_HEADERDATA, this);
    set(easy, CURLOPT_WRITEFUNCTION, &Callbacks::on_body);
    set(easy, CURLOPT_WRITEDATA, this);
    if (request_.method != "GET") {
        set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
        set(easy, CURLOPT_POSTFIELDS, request_.body.c_str());
        set(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    }
    set_deadlines();
    const CURLMcode code = curl_multi_add_handle(client_.multi_->handle, easy);
    if (code != CURLM_OK)
        throw Error(std::string{"start a request: "} + curl_multi_strerror(code));
    is_added_ = true;
}

void HttpClient::Transfer::set_deadlines()
{
    set(easy_.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.deadlines.connect.count()));
    set(easy_.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(request_.deadlines.total.count()));
    silence_.arm(started_ + request_.deadlines.first_byte);
}

bool HttpClient::Transfer::take_header(std::string_view line)
{
    header_bytes_ += line.size();
    if (header_bytes_ > most_header_bytes)
        return false;
    silence_.arm(steady_now() + request_.deadlines.idle);
    if (line.starts_with("HTTP/"))
        response_.headers.clear();   // those before it were of an interim answer
    const auto colon = line.find(':');
    if (colon != line.npos)
        response_.headers.emplace_back(lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
    return true;
}

bool HttpClient::Transfer::take_piece(std::string_view piece)
{
    body_bytes_ += piece.size();
    if (body_bytes_ > request_.most_bytes)
        return false;
    silence_.arm(steady_now() + request_.deadlines.idle);
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (request_.on_piece && status / 100 == 2)
        request_.on_piece(piece);
    else
        response_.body += piece;
    return true;
}

void HttpClient::Transfer::finish(CURLcode code)
{
    if (body_bytes_ > request_.most_bytes)
        return finish(HttpOutcome::too_large, "larger than " + std::to_string(request_.most_bytes) + " bytes");
    finish(outcome_of(code), code == CURLE_OK ? "" : curl_easy_strerror(code));
}

void HttpClient::Transfer::finish(HttpOutcome outcome, std::string problem)
{
    silence_.disarm();
    response_.outcome = outcome;
    response_.problem = std::move(problem);
    response_.took = std::chrono::duration_cast<Millis>(steady_now() - started_);
    if (is_added_) {
        long status = 0;
        long port = 0;
        const char* address = nullptr;
        curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_PORT, &port);
        curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_IP, &address);
        response_.status = static_cast<int>(status);
        if (address && *address != '\0')
            response_.peer = std::string{address} + ":" + std::to_string(port);
        curl_multi_remove_handle(client_.multi_->handle, easy_.get());
        is_added_ = false;
    }
    done_.set();
}

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

Task<HttpResponse> HttpClient::send(HttpRequest request)
{
    Transfer transfer{*this, std::move(request)};
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
        reinterpret_cast<Transfer*>(transfer)->finish(code);
    }
}

}
