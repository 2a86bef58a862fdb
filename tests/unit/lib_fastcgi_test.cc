// FastCGI: requests answered on a thread, and handed over.
#include "tests/unit/test.h"

#include "base/queue.h"
#include "lib/fastcgi_server.h"
#include "os/socket.h"

#include <sys/socket.h>

using namespace forge;
using namespace std::chrono_literals;

namespace {

std::string record(unsigned char type, const std::string& content)
{
    std::string header;
    for (const int byte : {1, static_cast<int>(type), 0, 1, static_cast<int>(content.size() >> 8),
                           static_cast<int>(content.size() & 255), 0, 0})
        header += static_cast<char>(byte);
    return header + content;
}

std::string pair(const std::string& name, const std::string& value)
{
    return std::string{static_cast<char>(name.size())} + static_cast<char>(value.size()) + name + value;
}

std::string request(const std::string& body, bool keep = true)
{
    std::string out = record(1, std::string{'\0', '\1', static_cast<char>(keep), 0, 0, 0, 0, 0});
    out += record(4, pair("REQUEST_METHOD", "POST") + pair("CONTENT_LENGTH", std::to_string(body.size())));
    out += record(4, "");
    if (!body.empty())
        out += record(5, body);
    return out + record(5, "");
}

void send_all(const Fd& fd, const std::string& data)
{
    CHECK_EQUAL(static_cast<ssize_t>(data.size()), ::send(fd.get(), data.data(), data.size(), MSG_NOSIGNAL));
}

// Reads until the bytes contain an end record (type 3), and gives all of them.
std::string read_answer(const Fd& fd)
{
    std::string got;
    char block[4096];
    while (got.find("\1\3\0\1"s) == std::string::npos) {
        const ssize_t count = ::recv(fd.get(), block, sizeof block, 0);
        if (count <= 0)
            break;
        got.append(block, static_cast<std::size_t>(count));
    }
    return got;
}

struct Fixture {
    test::ScratchFolder folder;
    Fd listener = listen_local(folder / "socket", SOCK_STREAM, 16);
    Fd connect() { return connect_local(folder / "socket", SOCK_STREAM); }
};

}

TEST(a_thread_answers_two_requests_on_one_connection)
{
    Fixture fixture;
    fastcgi::Server server{fixture.listener.get(), 2, [](fastcgi::Exchange& exchange) {
                               const auto body = exchange.read_body(100);
                               exchange.write("Status: 200\r\n\r\n" + std::string{exchange.param("REQUEST_METHOD")} + *body);
                           }};
    const Fd client = fixture.connect();
    for (const auto* body : {"one", "two"}) {
        send_all(client, request(body));
        CHECK(read_answer(client).find("POST"s + body) != std::string::npos);
    }
    CHECK_EQUAL(std::size_t{1}, server.open_connections());
    CHECK(!server.drain(steady_now()));
}

TEST(idle_connections_do_not_starve_new_ones)
{
    Fixture fixture;
    const fastcgi::Server server{fixture.listener.get(), 1, [](fastcgi::Exchange& exchange) { exchange.write("\r\nhello"); }};
    std::vector<Fd> idle;
    for (int i = 0; i < 10; ++i) {
        idle.push_back(fixture.connect());
        send_all(idle.back(), request(""));
        CHECK(read_answer(idle.back()).find("hello") != std::string::npos);
    }
}

TEST(a_body_over_the_limit_is_read_to_its_end_and_dropped)
{
    Fixture fixture;
    const fastcgi::Server server{fixture.listener.get(), 1, [](fastcgi::Exchange& exchange) {
                                     exchange.write(exchange.read_body(10) ? "fits" : "too long");
                                 }};
    const Fd client = fixture.connect();
    send_all(client, request(std::string(30000, 'x')));
    CHECK(read_answer(client).find("too long") != std::string::npos);
    send_all(client, request("0123456789"));
    CHECK(read_answer(client).find("fits") != std::string::npos);
}

TEST(a_request_that_was_handed_over_is_answered_with_records_and_the_connection_given_back)
{
    Fixture fixture;
    Queue<fastcgi::Handed> handed{4};
    fastcgi::Server server{fixture.listener.get(), 1, [&](fastcgi::Exchange& exchange) {
                               if (*exchange.read_body(100) == "now")
                                   exchange.write("\r\nat once");
                               else
                                   CHECK(handed.try_push(exchange.hand_over()));
                           }};
    const Fd client = fixture.connect();
    send_all(client, request("later"));
    auto later = handed.pop();
    CHECK(later && later->keep && later->request_id == 1);
    const std::string answer = fastcgi::stdout_records(1, "\r\nlate") + fastcgi::end_records(1);
    send_all(later->connection, answer);
    CHECK(read_answer(client).find("late") != std::string::npos);
    server.give_back(std::move(later->connection));
    send_all(client, request("now"));
    CHECK(read_answer(client).find("at once") != std::string::npos);
}

TEST(a_server_drains_when_the_peer_closes)
{
    Fixture fixture;
    fastcgi::Server server{fixture.listener.get(), 2, [](fastcgi::Exchange& exchange) { exchange.write("\r\n"); }};
    {
        const Fd client = fixture.connect();
        send_all(client, request(""));
        read_answer(client);
    }
    CHECK(server.drain(steady_now() + 10s));
}
