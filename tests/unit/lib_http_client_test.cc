// The HTTP client against a real server that pauses, cuts and lies.
#include "lib/http_client.h"

#include <list>

#include "base/error.h"
#include "tests/unit/run_on.h"
#include "tests/unit/scripted_server.h"
#include "tests/unit/test.h"

using namespace forge;
using namespace std::chrono_literals;
using test::answer;
using test::Received;
using test::run_on;
using test::Script;
using test::ScriptedServer;

namespace {

HttpResponse ask(HttpRequest request, HttpClient::Limits limits = {})
{
    Loop loop;
    HttpClient client{loop, limits};
    return run_on(loop, client.send(std::move(request)));
}

HttpRequest get(const std::string& url, HttpDeadlines deadlines = {})
{
    return {.url = url, .deadlines = deadlines};
}

Task<bool> ask_twice(HttpClient& client, std::string url)
{
    const HttpResponse first = co_await client.send(get(url));
    const HttpResponse second = co_await client.send(get(url));
    co_return first.status == 200 && second.status == 200;
}

Task<int> ask_many(Loop& loop, HttpClient& client, std::string url, int count)
{
    std::list<Task<HttpResponse>> tasks;
    for (int i = 0; i < count; ++i) {
        tasks.push_back(client.send(get(url)));
        tasks.back().start();
    }
    int answered = 0;
    for (auto& task : tasks) {
        while (!task.is_done())
            co_await sleep_until(loop, steady_now() + 1ms);
        answered += task.result().status == 200;
    }
    co_return answered;
}

Task<bool> give_up(Loop& loop, HttpClient& client, std::string url)
{
    const auto response = co_await within(loop, steady_now() + 20ms, client.send(get(url)));
    co_return !response && client.open_transfers() == 0;
}

}

TEST(a_request_is_sent_as_given_and_its_answer_comes_back)
{
    ScriptedServer server{[](const Received&) { return answer(201, "{\"ok\":true}", "X-Request-Id: abc\r\n"); }};
    const HttpResponse response = ask({.method = "POST",
                                       .url = server.url("/v1/x?y=1"),
                                       .headers = {{"authorization", "Bearer k"}},
                                       .body = "{}"});
    CHECK(response.outcome == HttpOutcome::answered);
    CHECK_EQUAL(201, response.status);
    CHECK_EQUAL("{\"ok\":true}"s, response.body);
    CHECK_EQUAL("abc"s, std::string{response.header("x-request-id")});
    CHECK(response.peer.starts_with("127.0.0.1:"));
    const Received sent = server.received().at(0);
    CHECK_EQUAL("POST /v1/x?y=1"s, sent.method + " " + sent.path);
    CHECK_EQUAL("Bearer k"s, sent.headers.at("authorization"));
    CHECK_EQUAL("{}"s, sent.body);
    CHECK(!sent.headers.contains("expect"));
}

TEST(a_large_body_is_sent_without_waiting_for_leave)
{
    ScriptedServer server{[](const Received&) { return answer(200, "{}"); }};
    const std::string body(3'000'000, 'x');
    CHECK_EQUAL(200, ask({.method = "POST", .url = server.url(), .body = body}).status);
    CHECK(server.received().at(0).body == body);
}

TEST(a_connection_is_used_again)
{
    ScriptedServer server{[](const Received&) { return answer(200, "{}"); }};
    Loop loop;
    HttpClient client{loop};
    CHECK(run_on(loop, ask_twice(client, server.url())));
    CHECK_EQUAL(1, server.received().at(1).connection);
}

TEST(each_deadline_ends_a_request_that_waits_too_long)
{
    ScriptedServer silent{[](const Received&) { return Script{{{10s, "x"}}}; }};
    CHECK(ask(get(silent.url(), {.first_byte = 30ms})).outcome == HttpOutcome::timeout);
    CHECK(ask(get(silent.url(), {.total = 30ms})).outcome == HttpOutcome::timeout);

    const std::string head = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc";
    ScriptedServer stalls{[&](const Received&) { return Script{{{0ms, head}, {10s, "x"}}}; }};
    const HttpResponse response = ask(get(stalls.url(), {.idle = 30ms}));
    CHECK(response.outcome == HttpOutcome::timeout);
    CHECK(response.took < 5s);
}

TEST(an_answer_that_is_slow_but_moves_is_waited_for)
{
    ScriptedServer server{[](const Received&) {
        return Script{{{20ms, "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n"}, {60ms, "a"}, {60ms, "b"}, {60ms, "c"}}};
    }};
    CHECK_EQUAL("abc"s, ask(get(server.url(), {.first_byte = 5s, .idle = 5s})).body);
}

TEST(an_answer_that_is_cut_or_no_http_is_broken)
{
    ScriptedServer cut{[](const Received&) {
        return Script{{{0ms, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc"}}, false};
    }};
    CHECK(ask(get(cut.url())).outcome == HttpOutcome::broken);
    ScriptedServer nothing{[](const Received&) { return Script{{}, false}; }};
    CHECK(ask(get(nothing.url())).outcome == HttpOutcome::broken);
    ScriptedServer endless{[](const Received&) {
        return Script{{{0ms, "HTTP/1.1 200 OK\r\nx: " + std::string(80'000, 'x') + "\r\n\r\n"}}, false};
    }};
    CHECK(ask(get(endless.url())).outcome == HttpOutcome::broken);
}

TEST(an_answer_beyond_the_limit_is_not_read_to_its_end)
{
    ScriptedServer server{[](const Received&) { return answer(200, std::string(200'000, 'x')); }};
    HttpRequest request = get(server.url());
    request.most_bytes = 100'000;
    const HttpResponse response = ask(request);
    CHECK(response.outcome == HttpOutcome::too_large);
    CHECK(response.body.size() <= 100'000);
}

TEST(nobody_who_listens_and_no_address_are_refusals)
{
    CHECK(ask(get("http://127.0.0.1:1/")).outcome == HttpOutcome::refused);
    CHECK(ask(get("file:///etc/passwd")).outcome == HttpOutcome::refused);
    CHECK(ask(get("nonsense://x")).outcome == HttpOutcome::refused);
}

TEST(a_redirect_is_an_answer_and_not_followed)
{
    ScriptedServer server{[](const Received&) { return answer(302, "", "location: /elsewhere\r\n"); }};
    CHECK_EQUAL(302, ask(get(server.url())).status);
    CHECK_EQUAL(std::size_t{1}, server.received().size());
}

TEST(pieces_come_as_they_are_sent_and_those_of_an_error_are_collected)
{
    int status = 200;
    ScriptedServer server{[&](const Received&) {
        const std::string head = "HTTP/1.1 " + std::to_string(status) + " x\r\ncontent-length: 4\r\n\r\n";
        return Script{{{0ms, head + "ab"}, {30ms, "cd"}}};
    }};
    std::vector<std::string> pieces;
    HttpRequest request = get(server.url());
    request.on_piece = [&](std::string_view piece) {
        pieces.emplace_back(piece);
        return true;
    };
    CHECK_EQUAL(""s, ask(request).body);
    CHECK(pieces == (std::vector{"ab"s, "cd"s}));
    status = 500;
    CHECK_EQUAL("abcd"s, ask(request).body);
    CHECK_EQUAL(std::size_t{2}, pieces.size());
}

TEST(a_header_with_a_line_break_is_not_sent_and_not_shown)
{
    ScriptedServer server{[](const Received&) { return answer(200, "{}"); }};
    HttpRequest request = get(server.url());
    request.headers = {{"authorization", "Bearer secret\r\nx: y"}};
    const HttpResponse response = ask(request);
    CHECK(response.outcome == HttpOutcome::refused);
    CHECK(response.problem.find("secret") == std::string::npos);
    CHECK(server.received().empty());
}

TEST(destroying_the_task_cancels_the_request)
{
    ScriptedServer server{[](const Received&) { return Script{{{10s, "x"}}}; }};
    Loop loop;
    HttpClient client{loop};
    CHECK(run_on(loop, give_up(loop, client, server.url())));
}

TEST(hundreds_of_requests_wait_at_once_and_those_beyond_the_bound_are_refused)
{
    ScriptedServer server{[](const Received&) {
        return Script{{{50ms, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"}}};
    }};
    Loop loop;
    HttpClient client{loop, {.transfers = 200, .kept_connections = 8}};
    CHECK_EQUAL(200, run_on(loop, ask_many(loop, client, server.url(), 210)));
    CHECK_EQUAL(std::size_t{0}, client.open_transfers());
}
