// One request of the HTTP client under way: what curl is told of it, and what comes back.
#include "lib/http_transfer.h"

#include <new>

#include "base/error.h"
#include "base/text.h"
#include "lib/proxy.h"
#include "os/secret_memory.h"

namespace forge {

namespace {

constexpr std::size_t most_header_bytes = 64 * 1024;

using CurlHeaders = std::unique_ptr<curl_slist, FreeCurl>;

template <class Value>
void set(CURL* easy, CURLoption option, Value value)
{
    if (const CURLcode code = curl_easy_setopt(easy, option, value); code != CURLE_OK)
        throw Error(std::string{"prepare a request: "} + curl_easy_strerror(code));
}

CurlHeaders header_list(const HttpRequest& request)
{
    CurlHeaders list;
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

}

/// What curl calls; never through an exception.
struct HttpTransfer::Callbacks {
    static std::size_t on_header(char* data, std::size_t, std::size_t size, void* transfer) noexcept
    {
        return static_cast<HttpTransfer*>(transfer)->take_header({data, size}) ? size : 0;
    }
    static std::size_t on_body(char* data, std::size_t, std::size_t size, void* transfer) noexcept
    {
        return static_cast<HttpTransfer*>(transfer)->take_piece({data, size}) ? size : 0;
    }
};

HttpTransfer::HttpTransfer(HttpClient& client, HttpRequest request)
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

HttpTransfer::~HttpTransfer()
{
    --client_.transfers_;
    if (is_added_)
        curl_multi_remove_handle(client_.multi(), easy_.get());
    for (auto& [name, value] : request_.headers)
        wipe(value);
}

void HttpTransfer::prepare()
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
    set(easy, CURLOPT_BUFFERSIZE, 4096L);   // of each request that waits; 16 kB otherwise
    set(easy, CURLOPT_QUICK_EXIT, 1L);   // a cancelled request does not wait for its name to be resolved
    set(easy, CURLOPT_HEADERFUNCTION, &Callbacks::on_header);
    set(easy, CURLOPT_HEADERDATA, this);
    set(easy, CURLOPT_WRITEFUNCTION, &Callbacks::on_body);
    set(easy, CURLOPT_WRITEDATA, this);
    if (request_.method != "GET")
        set_body();
    set_deadlines();
    const CURLMcode code = curl_multi_add_handle(client_.multi(), easy);
    if (code != CURLM_OK)
        throw Error(std::string{"start a request: "} + curl_multi_strerror(code));
    is_added_ = true;
}

void HttpTransfer::set_body()
{
    CURL* const easy = easy_.get();
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request_.body.c_str());
    set(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void HttpTransfer::set_deadlines()
{
    set(easy_.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.deadlines.connect.count()));
    set(easy_.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(request_.deadlines.total.count()));
    silence_.arm(started_ + request_.deadlines.first_byte);
}

bool HttpTransfer::take_header(std::string_view line)
{
    header_bytes_ += line.size();
    if (header_bytes_ > most_header_bytes)
        return false;
    if (!request_.on_piece || !is_good())
        silence_.arm(steady_now() + request_.deadlines.idle);
    if (line.starts_with("HTTP/"))
        response_.headers.clear();   // those before it were of an interim answer
    const auto colon = line.find(':');
    if (colon != line.npos)
        response_.headers.emplace_back(lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
    return true;
}

bool HttpTransfer::take_piece(std::string_view piece)
{
    body_bytes_ += piece.size();
    if (body_bytes_ > request_.most_bytes)
        return false;
    bool is_alive = true;
    if (request_.on_piece && is_good())
        is_alive = request_.on_piece(piece);
    else
        response_.body += piece;
    if (is_alive)
        silence_.arm(steady_now() + request_.deadlines.idle);
    return true;
}

bool HttpTransfer::is_good() const
{
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    return status / 100 == 2;
}

void HttpTransfer::finish(CURLcode code)
{
    if (body_bytes_ > request_.most_bytes)
        return finish(HttpOutcome::too_large, "larger than " + std::to_string(request_.most_bytes) + " bytes");
    finish(outcome_of(code), code == CURLE_OK ? "" : curl_easy_strerror(code));
}

void HttpTransfer::finish(HttpOutcome outcome, std::string problem)
{
    silence_.disarm();
    response_.outcome = outcome;
    response_.problem = std::move(problem);
    response_.took = std::chrono::duration_cast<Millis>(steady_now() - started_);
    if (is_added_) {
        note_connection();
        curl_multi_remove_handle(client_.multi(), easy_.get());
        is_added_ = false;
    }
    done_.set();
}

void HttpTransfer::note_connection()
{
    long status = 0;
    long port = 0;
    const char* address = nullptr;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_PORT, &port);
    curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_IP, &address);
    response_.status = static_cast<int>(status);
    if (address && *address != '\0')
        response_.peer = std::string{address} + ":" + std::to_string(port);
}

}
