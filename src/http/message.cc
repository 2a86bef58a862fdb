// A request as a client made it, and the answer to it.
#include "http/message.h"

#include "base/ids.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace forge {

namespace {

constexpr std::array<std::pair<std::string_view, Method>, 7> methods{{{"GET", Method::get},
                                                                      {"HEAD", Method::head},
                                                                      {"POST", Method::post},
                                                                      {"PUT", Method::put},
                                                                      {"PATCH", Method::patch},
                                                                      {"DELETE", Method::del},
                                                                      {"OPTIONS", Method::options}}};

constexpr std::array<std::pair<int, std::string_view>, 19> reasons{{{200, "OK"},
                                                                    {202, "Accepted"},
                                                                    {204, "No Content"},
                                                                    {304, "Not Modified"},
                                                                    {400, "Bad Request"},
                                                                    {401, "Unauthorized"},
                                                                    {403, "Forbidden"},
                                                                    {404, "Not Found"},
                                                                    {405, "Method Not Allowed"},
                                                                    {409, "Conflict"},
                                                                    {410, "Gone"},
                                                                    {413, "Content Too Large"},
                                                                    {415, "Unsupported Media Type"},
                                                                    {422, "Unprocessable Content"},
                                                                    {429, "Too Many Requests"},
                                                                    {500, "Internal Server Error"},
                                                                    {502, "Bad Gateway"},
                                                                    {503, "Service Unavailable"},
                                                                    {504, "Gateway Timeout"}}};

using Field = std::pair<std::string_view, std::string Request::*>;
constexpr std::array<Field, 14> fields{{{"DOCUMENT_URI", &Request::path},
                                        {"QUERY_STRING", &Request::query},
                                        {"REMOTE_ADDR", &Request::address},
                                        {"HTTP_HOST", &Request::host},
                                        {"HTTP_ORIGIN", &Request::origin},
                                        {"CONTENT_TYPE", &Request::content_type},
                                        {"HTTP_CONTENT_ENCODING", &Request::content_encoding},
                                        {"HTTP_AUTHORIZATION", &Request::authorization},
                                        {"HTTP_ACCEPT", &Request::accept},
                                        {"HTTP_IF_NONE_MATCH", &Request::if_none_match},
                                        {"HTTP_LAST_EVENT_ID", &Request::last_event_id},
                                        {"HTTP_ACCESS_CONTROL_REQUEST_METHOD", &Request::preflight_method},
                                        {"HTTP_PREFER", &Request::prefer},
                                        {"HTTP_IDEMPOTENCY_KEY", &Request::idempotency_key}}};

bool is_request_id(std::string_view id)
{
    return id.size() >= 8 && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_'
                      || c == '-';
           });
}

std::string request_id(const fastcgi::Exchange& exchange)
{
    for (const auto* name : {"HTTP_X_REQUEST_ID", "REQUEST_ID"})
        if (const auto given = exchange.param(name); is_request_id(given))
            return std::string{given};
    return uuid_v7();
}

bool has_header(const Answer& answer, std::string_view name)
{
    return std::ranges::any_of(answer.headers, [&](const auto& header) { return equal_ignoring_case(header.first, name); });
}

bool is_without_body(int status)
{
    return status == 204 || status == 304;
}

std::string head(const Request& request, const Answer& answer)
{
    const auto reason = std::ranges::find(reasons, answer.status, &std::pair<int, std::string_view>::first);
    std::string out;
    out.reserve(512 + answer.body.size());
    out += "Status: " + std::to_string(answer.status) + " ";
    out += reason == reasons.end() ? "Other" : reason->second;
    if (!is_without_body(answer.status))
        out += "\r\nContent-Type: " + answer.content_type;
    out += "\r\nx-request-id: " + request.id + "\r\nx-content-type-options: nosniff\r\nreferrer-policy: no-referrer";
    if (!has_header(answer, "cache-control"))
        out += "\r\ncache-control: no-store";
    for (const auto& [name, value] : answer.headers)
        out.append("\r\n").append(name).append(": ").append(value);
    return out;
}

}

Method method_named(std::string_view name)
{
    const auto found = std::ranges::find(methods, name, &std::pair<std::string_view, Method>::first);
    return found == methods.end() ? Method::other : found->second;
}

std::string_view name_of(Method method)
{
    const auto found = std::ranges::find(methods, method, &std::pair<std::string_view, Method>::second);
    return found == methods.end() ? "OTHER" : found->first;
}

Request::Request(const fastcgi::Exchange& exchange)
    : method(method_named(exchange.param("REQUEST_METHOD"))), id(request_id(exchange)),
      trace(Trace::of(exchange.param("HTTP_TRACEPARENT")))
{
    std::array<bool, fields.size()> seen{};
    for (const char* const* param = exchange.params(); *param; ++param) {
        const std::string_view given = *param;
        const auto equals = given.find('=');
        const auto field = std::ranges::find(fields, given.substr(0, equals), &Field::first);
        if (equals == given.npos || field == fields.end())
            continue;
        // The first one counts, as with param(), an empty one too.
        if (!std::exchange(seen.at(static_cast<std::size_t>(field - fields.begin())), true))
            this->*field->second = given.substr(equals + 1);
    }
}

std::optional<std::string> Request::query_value(std::string_view name) const
{
    for (const auto part : split(query, '&')) {
        const auto equals = part.find('=');
        if (url_decode(part.substr(0, equals)) == name)
            return equals == std::string_view::npos ? std::string{} : url_decode(part.substr(equals + 1));
    }
    return std::nullopt;
}

bool Request::has_query(std::string_view name) const
{
    return std::ranges::any_of(split(query, '&'), [&](std::string_view part) {
        return url_decode(part.substr(0, part.find('='))) == name;
    });
}

Answer json_answer(const Json& json, int status)
{
    Answer answer;
    answer.status = status;
    answer.body = dump(json);
    return answer;
}

Answer with_tag(const Request& request, Answer answer, const std::string& tag)
{
    answer.with("etag", tag).with("cache-control", "private, no-cache");
    const auto& known = request.if_none_match;
    if (known == "*" || known.find(tag) != std::string::npos)
        answer.status = 304;
    return answer;
}

Answer problem(const Request& request, int status, std::string_view code, std::string_view detail,
               const std::vector<RequestIssue>& issues, const Json& extra)
{
    Json json = Json::object({{"ok", false}, {"error", code}, {"detail", detail}, {"requestId", request.id}});
    if (!issues.empty()) {
        Json list = Json::array();
        for (const auto& issue : issues)
            list.append(Json::object({{"path", issue.path}, {"message", issue.message}}));
        json.set("issues", list);
    }
    for (const auto& [name, value] : extra.members())
        json.set(name, value);
    Answer answer = json_answer(json, status);
    answer.code = code;
    answer.reason = detail;
    return answer;
}

Answer problem(const Request& request, const Refusal& refusal)
{
    Answer answer = problem(request, refusal.status, refusal.code, refusal.what(), refusal.issues, refusal.extra);
    answer.headers.insert(answer.headers.end(), refusal.headers.begin(), refusal.headers.end());
    return answer;
}

std::string encode(const Request& request, const Answer& answer)
{
    std::string out = head(request, answer);
    const bool is_endless = answer.body.empty() && answer.content_type == event_stream;   // HEAD of a stream: nobody knows how long
    if (!is_without_body(answer.status) && !is_endless)
        out += "\r\nContent-Length: " + std::to_string(answer.body.size());
    out += "\r\n\r\n";
    if (request.method != Method::head && !is_without_body(answer.status))
        out += answer.body;
    return out;
}

std::string encode_stream_head(const Request& request, const Answer& answer)
{
    return head(request, answer) + "\r\n\r\n";
}

}
