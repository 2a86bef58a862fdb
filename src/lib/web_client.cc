// HTTP as the command line speaks it.
#include "lib/web_client.h"

#include <curl/curl.h>

#include <array>

#include "base/text.h"
#include "lib/proxy.h"

namespace forge {

namespace {

struct FreeCurl {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using CurlHeaders = std::unique_ptr<curl_slist, FreeCurl>;

// What the callbacks of one transfer need.
struct Transfer {
    const WebRequest& request;
    WebAnswer answer;
    bool enough = false;
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* context)
{
    auto& transfer = *static_cast<Transfer*>(context);
    if (transfer.answer.body.size() + size > transfer.request.longest_answer)
        return 0;
    transfer.answer.body.append(data, size);
    transfer.enough = transfer.request.enough && transfer.request.enough(transfer.answer.body);
    return transfer.enough ? 0 : size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* context)
{
    const std::string_view line{data, size};
    if (const auto colon = line.find(':'); colon != line.npos)
        static_cast<Transfer*>(context)->answer.headers[lower(line.substr(0, colon))] = trim(line.substr(colon + 1));
    return size;
}

int show_progress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent)
{
    const auto& request = static_cast<Transfer*>(context)->request;
    if (request.progress)
        request.progress(static_cast<std::uint64_t>(sent));
    return 0;
}

CurlHeaders header_list(const WebRequest& request)
{
    CurlHeaders list{curl_slist_append(nullptr, "Expect:")};
    for (const auto& [name, value] : request.headers)
        list.reset(curl_slist_append(list.release(), (name + ": " + value).c_str()));
    return list;
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value)
{
    if (curl_easy_setopt(easy, option, value) != CURLE_OK)
        throw Error("libcurl does not know option " + std::to_string(option));
}

}

struct WebClient::State {
    std::unique_ptr<CURL, FreeCurl> easy{curl_easy_init()};
};

WebClient::WebClient() : state_(std::make_unique<State>())
{
    if (!state_->easy)
        throw Error("libcurl cannot be set up");
}

WebClient::~WebClient() = default;

WebAnswer WebClient::send(const WebRequest& request)
{
    CURL* const easy = state_->easy.get();
    curl_easy_reset(easy);
    Transfer transfer{request, {}, false};
    std::array<char, CURL_ERROR_SIZE> error{};
    const CurlHeaders headers = header_list(request);
    set(easy, CURLOPT_URL, request.url.c_str());
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    set(easy, CURLOPT_HTTPHEADER, headers.get());
    set(easy, CURLOPT_ERRORBUFFER, error.data());
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_NOPROXY, no_proxy());
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.deadline.count()));
    set(easy, CURLOPT_WRITEFUNCTION, take_body);
    set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
    set(easy, CURLOPT_HEADERFUNCTION, take_header);
    set(easy, CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
    set(easy, CURLOPT_NOPROGRESS, 0L);
    set(easy, CURLOPT_XFERINFOFUNCTION, show_progress);
    set(easy, CURLOPT_XFERINFODATA, static_cast<void*>(&transfer));
    if (!request.body.empty() || request.method == "POST") {
        set(easy, CURLOPT_POSTFIELDS, request.body.data());
        set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    if (const CURLcode code = curl_easy_perform(easy); code != CURLE_OK && !transfer.enough)
        throw WebError(error[0] != '\0' ? error.data() : curl_easy_strerror(code));
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &transfer.answer.status);
    return transfer.answer;
}

}
