// A request as a client made it, and the answer to it.
#pragma once

#include "base/error.h"
#include "http/trace.h"
#include "lib/fastcgi.h"
#include "lib/json.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace forge {

enum class Method { get, head, post, put, patch, del, options, other };

Method method_named(std::string_view name);
std::string_view name_of(Method method);

/// What nginx passed on; the body is read later.  Texts are empty where the client sent none.
struct Request {
    Request() = default;
    explicit Request(const fastcgi::Exchange& exchange);

    Method method = Method::get;
    std::string path;    // decoded once by nginx, dots and double slashes resolved
    std::string query;   // still encoded
    std::string id;      // x-request-id: the client's if it is well-formed, else made
    std::string address;
    std::string host;
    std::string origin;
    std::string content_type;
    std::string content_encoding;
    std::string authorization;
    std::string accept;
    std::string if_none_match;
    std::string last_event_id;
    std::string preflight_method;   // access-control-request-method
    std::string prefer;
    std::string idempotency_key;
    Trace trace;                    // traceparent, when it is well-formed

    /// A parameter of the query, decoded; nothing where it is missing.  The first one counts.
    std::optional<std::string> query_value(std::string_view name) const;
    /// True when a parameter stands in the query, well-formed or not.
    bool has_query(std::string_view name) const;
};

constexpr const char* event_stream = "text/event-stream";

/// An answer; the headers that every answer has are added by encode().
struct Answer {
    int status = 200;
    std::string body;
    std::string content_type = "application/json; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers;
    /// Where it is set, this is the head of an event stream: who gets nginx's connection and the encoded head, and streams.
    std::function<void(fastcgi::Handed, std::string head)> stream{};
    std::string code;     // of an error, for the log and the metrics
    std::string reason;   // its detail, for the log

    Answer& with(std::string name, std::string value)
    {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

Answer json_answer(const Json& json, int status = 200);
/// The answer with its entity tag (quotes included), to be asked for again each time; 304 when the client has this very one.
Answer with_tag(const Request& request, Answer answer, const std::string& tag);

/// One wrong place in a request.
struct RequestIssue {
    std::string path;   // JSON pointer
    std::string message;
};

/// Thrown where a request cannot be served; the top of the request turns it into problem().
struct Refusal : Error {
    Refusal(int status_, std::string code_, const std::string& detail, std::vector<RequestIssue> issues_ = {}, Json extra_ = {})
        : Error(detail), status(status_), code(std::move(code_)), issues(std::move(issues_)), extra(std::move(extra_))
    {
    }
    int status;
    std::string code;
    std::vector<RequestIssue> issues;
    Json extra;                                                   // members beside the usual ones
    std::vector<std::pair<std::string, std::string>> headers{};
};

/// {"ok":false,"error":code,"detail":…,"requestId":…} and, where there are any, "issues".  `extra` members come last.
Answer problem(const Request& request, int status, std::string_view code, std::string_view detail,
               const std::vector<RequestIssue>& issues = {}, const Json& extra = {});
Answer problem(const Request& request, const Refusal& refusal);

/// The answer as CGI headers and body: Status, Content-Type, Content-Length, x-request-id and the security headers.
/// The body of a HEAD request and of 204 and 304 is left out.
std::string encode(const Request& request, const Answer& answer);
/// The headers of an answer whose body follows as a stream, up to and with the empty line.
std::string encode_stream_head(const Request& request, const Answer& answer);

}
