// Fuzz target: parameters as nginx sends them, or any bytes in their place, become a request that says what was sent, and answers
// that hold nothing of it where it could be taken for something else.
// The input: lines NAME=value, an empty line, the body; or records of FastCGI, of which the first byte is 1.  Those have names and
// values below 128 bytes: libfcgi believes any length, and asks for as much memory.  Nobody but nginx may connect to a worker.
#include "api/admission.h"
#include "api/cors.h"
#include "base/text.h"
#include "config/config.h"
#include "http/message.h"
#include "os/loop.h"
#include "run/ticks.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>

// Of the leak sanitizer, where there is one.
extern "C" [[gnu::weak]] void __lsan_disable();   // NOLINT
extern "C" [[gnu::weak]] void __lsan_enable();    // NOLINT

namespace {

using namespace forge;

constexpr const char* our_origin = "https://forge.example";
constexpr std::size_t most_body = 4096;
constexpr std::size_t most_bytes = 48 * 1024;   // what a socket takes at once

void check(bool holds)
{
    if (!holds)
        std::abort();
}

using Field = std::pair<const char*, std::string Request::*>;
constexpr std::array fields{Field{"DOCUMENT_URI", &Request::path},
                            Field{"QUERY_STRING", &Request::query},
                            Field{"REMOTE_ADDR", &Request::address},
                            Field{"HTTP_HOST", &Request::host},
                            Field{"HTTP_ORIGIN", &Request::origin},
                            Field{"CONTENT_TYPE", &Request::content_type},
                            Field{"HTTP_CONTENT_ENCODING", &Request::content_encoding},
                            Field{"HTTP_AUTHORIZATION", &Request::authorization},
                            Field{"HTTP_ACCEPT", &Request::accept},
                            Field{"HTTP_IF_NONE_MATCH", &Request::if_none_match},
                            Field{"HTTP_LAST_EVENT_ID", &Request::last_event_id},
                            Field{"HTTP_ACCESS_CONTROL_REQUEST_METHOD", &Request::preflight_method},
                            Field{"HTTP_PREFER", &Request::prefer},
                            Field{"HTTP_IDEMPOTENCY_KEY", &Request::idempotency_key}};

std::string record(unsigned char type, std::string_view content)
{
    const std::array<unsigned char, 8> header{1, type, 0, 1, static_cast<unsigned char>(content.size() >> 8),
                                              static_cast<unsigned char>(content.size()), 0, 0};
    return std::string{header.begin(), header.end()}.append(content);
}

std::string length(std::size_t size)
{
    if (size < 128)
        return {static_cast<char>(size)};
    return {static_cast<char>(0x80U | (size >> 24)), static_cast<char>(size >> 16), static_cast<char>(size >> 8), static_cast<char>(size)};
}

std::string pairs(std::string_view lines)
{
    std::string out;
    for (const std::string_view line : split(lines, '\n'))
        if (const auto equals = line.find('='); equals != line.npos)
            out.append(length(equals)).append(length(line.size() - equals - 1)).append(line.substr(0, equals)).append(line.substr(equals + 1));
    return out;
}

struct Input {
    bool is_raw;
    std::string_view lines;
    std::string_view body;

    explicit Input(std::string_view text)
        : is_raw(text.starts_with('\1')), lines(text.substr(0, text.find("\n\n"))),
          body(lines.size() == text.size() ? std::string_view{} : text.substr(lines.size() + 2))
    {
    }

    std::string records() const
    {
        using namespace std::string_literals;
        std::string out = record(1, "\0\1\1\0\0\0\0\0"s);
        if (const std::string params = pairs(lines); !params.empty())
            out += record(4, params);
        out += record(4, "");
        if (!body.empty())
            out += record(5, body);
        return out + record(5, "");
    }
};

/// An exchange whose peer sent the bytes and nothing more; the peer is `other`.
struct Peers {
    explicit Peers(std::string_view bytes)
    {
        std::array<int, 2> ends{};
        check(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
        own = Fd{ends[0]};
        other = Fd{ends[1]};
        check(::send(other.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
        ::shutdown(other.get(), SHUT_WR);
    }

    std::string received() const
    {
        std::string got;
        std::array<char, 4096> block;
        for (ssize_t count; (count = ::recv(other.get(), block.data(), block.size(), MSG_DONTWAIT)) > 0;)
            got.append(block.data(), static_cast<std::size_t>(count));
        return got;
    }

    Fd own;
    Fd other;
};

// libfcgi never frees what it makes for an answer to a management record of a kind that it does not know.
struct Unwatched {
    explicit Unwatched(bool is_raw) : is_on(is_raw && __lsan_disable != nullptr)
    {
        if (is_on)
            __lsan_disable();
    }
    ~Unwatched()
    {
        if (is_on)
            __lsan_enable();
    }
    Unwatched(const Unwatched&) = delete;
    Unwatched& operator=(const Unwatched&) = delete;
    const bool is_on;
};

std::size_t count_of(std::string_view part, std::string_view text)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

void check_fields(const Request& request, const fastcgi::Exchange& exchange)
{
    for (const auto& [name, field] : fields)
        check(request.*field == exchange.param(name));
    check(request.trace.id.empty() || request.trace.id.size() == 32);
    check(request.id.size() >= 8 && request.id.size() <= 64);
    check(request.id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == std::string::npos);
    for (const char* const given : {"REQUEST_ID", "HTTP_X_REQUEST_ID"})
        if (exchange.param(given) == request.id)
            return;
    check(request.id.size() == 36);   // made
}

// The bytes are those of the line, and no parameter can be given by the value of another.
void check_lines(const Input& input, const fastcgi::Exchange& exchange)
{
    auto lines = split(input.lines, '\n');
    lines.emplace_back("FCGI_ROLE=RESPONDER");   // libfcgi's own
    std::size_t count = 0;
    for (const char* const* param = exchange.params(); *param; ++param, ++count)
        check(std::ranges::any_of(lines, [&](std::string_view line) { return line.starts_with(*param); }));   // up to a NUL
    check(count == static_cast<std::size_t>(std::ranges::count_if(lines, [](auto line) { return line.find('=') != line.npos; })));
}

/// The head has these lines and no other.
void check_head(const Request& request, const Answer& answer, std::size_t lines)
{
    const std::string text = encode(request, answer);
    const std::string_view head = std::string_view{text}.substr(0, text.find("\r\n\r\n"));
    check(count_of("\r\n", head) + 1 == lines + answer.headers.size());
    check(count_of("\n", head) == count_of("\r\n", head) && head.find('\0') == head.npos);
}

void check_answers(const Config& config, const Request& request)
{
    Answer refused = problem(request, 404, "not_found", "nothing");
    add_cors(config, request, refused);
    for (const auto& [name, value] : refused.headers)
        check(name != "access-control-allow-origin" || value == our_origin);
    check_head(request, refused, 7);
    check(parse_json(refused.body)["requestId"].as_text() == request.id);
    if (is_preflight(request))
        check((preflight(config, request).status == 204) == (request.origin == our_origin));
    const Answer tagged = with_tag(request, json_answer(Json::object()), "\"0123456789abcdef\"");
    check(tagged.status == 200 || request.if_none_match == "*" || request.if_none_match.find("0123456789abcdef") != std::string::npos);
    check_head(request, tagged, tagged.status == 304 ? 4 : 6);
}

void check_json(const Request& request, std::string body)
{
    Call call;
    call.request = request;
    call.body = std::move(body);
    try {
        const Json json = parsed_body(call);
        check(json.is_object() && lower(trim(request.content_type)).starts_with("application/json"));
    } catch (const Refusal& refusal) {
        check(refusal.status == 400 || refusal.status == 415);
    }
}

void check_rejoin(const std::string& last_event_id)
{
    static Loop loop;
    static Ticks ticks{loop, "offline", [] {}};
    Peers peers{""};
    ticks.join({std::move(peers.own), 1, false}, "Status: 200\r\n\r\n", last_event_id, {});
    ticks.close();
    const std::string sent = peers.received();
    check(count_of("event: hello", sent) == 1 && count_of("event: tick", sent) <= 60 && count_of("event: bye", sent) == 1);
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const Config config{given_settings({{"ALLOWED_ORIGINS", our_origin}})};
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const Input input{text};
    if (size > most_bytes || (input.is_raw && std::ranges::any_of(text, [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; })))
        return 0;
    Peers peers{input.is_raw ? std::string{text} : input.records()};
    std::optional<Unwatched> unwatched{input.is_raw};
    fastcgi::Exchange exchange{std::move(peers.own)};
    unwatched.reset();
    check(exchange.is_open() || input.is_raw);
    if (!exchange.is_open())
        return 0;
    const Request request{exchange};
    check_fields(request, exchange);
    if (!input.is_raw)
        check_lines(input, exchange);
    const auto body = exchange.read_body(most_body);
    check(body ? body->size() <= most_body : input.is_raw || input.body.size() > most_body);
    check(input.is_raw || !body || *body == input.body);
    check_answers(config, request);
    check_json(request, body.value_or(""));
    check_rejoin(request.last_event_id);
    return 0;
}
