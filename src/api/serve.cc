// One request, from nginx to its answer.
#include "api/serve.h"

#include "api/admission.h"
#include "api/denied.h"
#include "api/failure.h"
#include "api/routes.h"
#include "auth/subject_hash.h"
#include "base/log.h"
#include "base/text.h"
#include "api/cors.h"
#include "http/reply.h"
#include "metrics/metrics.h"

#include <algorithm>

namespace forge {

namespace {

/// What is known of a request that is under way, for the answer's headers, the log and the metrics.
struct Course {
    App& app;
    Request request;
    std::shared_ptr<const Config> config = app.settings.get();
    std::size_t label = ~std::size_t{0};
    SteadyTime begin = steady_now();
    std::vector<std::pair<std::string, std::string>> headers{};   // of the answer, whatever it is
    DeniedCaller caller{};
};

std::string subject_of(const Course& course)
{
    return course.caller.sub.empty() ? "" : subject_hash(course.app.subject_key, course.caller.iss, course.caller.sub);
}

// The path stays out: it is the client's text, and nginx has a line with it under the same request id.
void note(const Course& course, const Answer& answer, const std::string& subject)
{
    const auto took = std::chrono::duration_cast<Micros>(steady_now() - course.begin);
    course.app.metrics.answered(course.label, answer.status, took);
    if (answer.status < 400)
        return;
    ++course.app.metrics.refusals(answer.code);
    note_denied(course.app, answer, course.caller, course.label);
    if (answer.code == "invalid_token")
        ++course.app.metrics.token_refusals(answer.reason);
    log(answer.status < 500 ? Severity::notice : Severity::error, answer.code + ": " + answer.reason,
        {{"request_id", course.request.id},
         {"trace", course.request.trace.id},
         {"method", std::string{name_of(course.request.method)}},
         {"route", route_label(course.label)},
         {"subject", subject},
         {"status", std::to_string(answer.status)},
         {"micros", std::to_string(took.count())}});
}

/// Adds what every answer to this request has, and notes it.  nginx keeps x-forge-… to itself, for its log.
void complete(const Course& course, Answer& answer)
{
    add_cors(*course.config, course.request, answer);
    answer.headers.insert(answer.headers.end(), course.headers.begin(), course.headers.end());
    const std::string subject = subject_of(course);
    answer.with("x-forge-route", route_label(course.label));
    if (!subject.empty())
        answer.with("x-forge-subject", subject);
    note(course, answer, subject);
}

std::string finished(const Course& course, Answer answer)
{
    complete(course, answer);
    return encode(course.request, answer);
}

void read_body(const Route& route, fastcgi::Exchange& exchange, Call& call)
{
    if (route.body == Body::upload)
        return;   // its handler reads the exchange itself, to a file
    auto body = exchange.read_body(body_limit);
    if (!body)
        throw Refusal(413, "body_too_large", "the body is larger than 1 MiB");
    call.body = std::move(*body);
    if (route.body == Body::json || (route.body == Body::json_or_none && !trim(call.body).empty()))
        call.json = parsed_body(call);
}

Task<void> answer_later(Course course, Task<Answer> task, fastcgi::Handed handed)
{
    Answer answer;
    std::exception_ptr failure;
    try {
        answer = co_await task;
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure)
        answer = answer_to(course.request, failure);
    if (answer.stream && course.request.method != Method::head) {
        complete(course, answer);
        answer.stream(std::move(handed), encode_stream_head(course.request, answer));
        co_return;
    }
    co_await deliver(course.app.loop, std::move(handed), finished(course, std::move(answer)));
}

fastcgi::Handed handed_over(App& app, fastcgi::Exchange& exchange)
{
    fastcgi::Handed handed = exchange.hand_over();
    handed.give_back = [&app](Fd connection) { app.server->give_back(std::move(connection)); };
    return handed;
}

/// Runs the handler where it belongs; true when the exchange was handed over.
bool dispatch(const Course& course, const Route& route, Call& call, fastcgi::Exchange& exchange, Answer& answer)
{
    if (const auto* const at_once = std::get_if<Immediate>(&route.handler)) {
        answer = (*at_once)(call);
        return false;
    }
    if (const auto* const upload = std::get_if<Uploading>(&route.handler)) {
        answer = (*upload)(call, exchange);
        return false;
    }
    if (const auto* const waiting = std::get_if<Waiting>(&route.handler)) {
        Task<Answer> task = (*waiting)(call);
        course.app.loop.start(answer_later(course, std::move(task), handed_over(course.app, exchange)));
        return true;
    }
    const auto& streaming = std::get<Streaming>(route.handler);
    answer = streaming.head(call);
    if (call.request.method == Method::head)
        return false;
    complete(course, answer);
    std::string head = encode_stream_head(call.request, answer);
    course.app.loop.post([start = streaming.start, head = std::move(head), held = std::move(call),
                          handed = handed_over(course.app, exchange)]() mutable { start(std::move(held), std::move(handed), head); });
    return true;
}

/// A method that the path does not know: said to whoever may know the path.
[[noreturn]] void refuse_method(const Found& found, Call& call)
{
    if (found.wants_token)
        identify(*call.app, call);
    Refusal refusal(405, "method_not_allowed", "this address does not know the method");
    refusal.headers.emplace_back("allow", found.allowed);
    throw refusal;
}

/// Lets the call in, or throws; what is known of its caller then is known to the log too.
template <class Ask>
void admitted(Course& course, Call& call, Ask ask)
{
    const auto keep = [&] {
        course.headers = call.headers;
        if (const Caller& caller = call.caller; !caller.sub.empty())
            course.caller = {caller.iss, caller.sub, ""};
    };
    course.caller.address = course.request.address;
    try {
        ask();
    } catch (...) {
        keep();
        throw;
    }
    keep();
}

/// True when the exchange was handed over.
bool handle(Course& course, fastcgi::Exchange& exchange, Answer& answer)
{
    Call call;
    call.app = &course.app;
    call.config = course.config;
    call.received = course.begin;
    if (is_preflight(course.request)) {
        answer = preflight(*course.config, course.request);
        return false;
    }
    Found found = find_route(course.request.method, course.request.path);
    course.label = found.label;
    call.request = course.request;
    call.values = std::move(found.values);
    const bool is_there = found.route || !found.allowed.empty();
    if (!is_there || (found.there_for && !found.there_for(call)))
        throw Refusal(404, "not_found", "there is nothing at this address");
    if (!found.route)
        admitted(course, call, [&] { refuse_method(found, call); });
    if (found.route->first)
        if (auto first = found.route->first(call)) {
            answer = std::move(*first);
            return false;
        }
    admitted(course, call, [&] { admit(course.app, *found.route, call); });
    read_body(*found.route, exchange, call);
    return dispatch(course, *found.route, call, exchange, answer);
}

}

void serve(App& app, fastcgi::Exchange& exchange) noexcept
try {
    Course course{app, Request{exchange}};
    Answer answer;
    try {
        if (handle(course, exchange, answer))
            return;
    } catch (...) {
        answer = answer_to(course.request, std::current_exception());
    }
    if (!exchange.is_open())
        return;   // it was handed over, and nothing can be said any more
    std::array<char, 16384> rest;
    while (exchange.read(rest.data(), rest.size()) > 0) {   // what was not read of the body
    }
    exchange.write(finished(course, std::move(answer)));
} catch (const std::exception& error) {
    log(Severity::error, "request failed: " + describe(error));
}

}
