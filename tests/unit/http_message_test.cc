// Requests, answers, paths, events.
#include "tests/unit/test.h"

#include "http/message.h"
#include "http/path.h"
#include "http/sse.h"

#include <sys/socket.h>

#include <array>

using namespace forge;

namespace {

std::string values_of(std::string_view pattern, std::string_view path)
{
    std::vector<std::string> values;
    if (!path_matches(pattern, path, values))
        return "no";
    std::string out = "yes";
    for (const auto& value : values)
        out += " " + value;
    return out;
}

}

TEST(a_path_matches_its_pattern_segment_by_segment)
{
    CHECK_EQUAL("yes"s, values_of("/v1/health", "/v1/health"));
    CHECK_EQUAL("no"s, values_of("/v1/health", "/v1/health/"));
    CHECK_EQUAL("yes a@1.0.0"s, values_of("/t/{id}", "/t/a@1.0.0"));
    CHECK_EQUAL("no"s, values_of("/t/{id}", "/t/"));
    CHECK_EQUAL("no"s, values_of("/t/{id}", "/t/a/b"));
    CHECK_EQUAL("no"s, values_of("/t/{id}", "/t/a/"));
    CHECK_EQUAL("no"s, values_of("/t/{id}/x", "/t/a"));
    CHECK_EQUAL("yes a"s, values_of("/t/{id}/x", "/t/a/x"));
    CHECK_EQUAL("yes 0/x000/001"s, values_of("/tile/{path...}", "/tile/0/x000/001"));
    CHECK_EQUAL("no"s, values_of("/tile/{path...}", "/tile/"));
}

TEST(a_value_out_of_a_path_leads_nowhere_else)
{
    for (const auto* const id : {".", ".."})
        CHECK_EQUAL("no"s, values_of("/t/{id}", "/t/"s + id));
    CHECK_EQUAL("yes ..."s, values_of("/t/{id}", "/t/..."));
    for (const auto* const rest : {"..", "0/../1", "0/.", "0//1", "0/", "/0"})
        CHECK_EQUAL("no"s, values_of("/tile/{path...}", "/tile/"s + rest));
    CHECK_EQUAL("yes %2e%2e"s, values_of("/t/{id}", "/t/%2e%2e"));   // nginx decoded once: this is a name
}

TEST(of_a_parameter_that_comes_twice_the_first_one_counts)
{
    std::array<int, 2> ends{};
    CHECK_EQUAL(0, ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()));
    const Fd peer{ends[1]};
    const auto record = [](char type, const std::string& content) {
        return "\1"s + type + "\0\1\0"s + static_cast<char>(content.size()) + "\0\0"s + content;
    };
    const std::string sent = record(1, "\0\1\1\0\0\0\0\0"s)
                             + record(4, "\x0b\0HTTP_ORIGIN"s "\x0b\1HTTP_ORIGINx" "\x0c\1HTTP_PREFER\0y"s "\x09\1HTTP_HOSTz"s)
                             + record(4, "") + record(5, "");
    CHECK_EQUAL(static_cast<ssize_t>(sent.size()), ::send(peer.get(), sent.data(), sent.size(), MSG_NOSIGNAL));
    const fastcgi::Exchange exchange{Fd{ends[0]}};
    const Request request{exchange};
    CHECK_EQUAL(""s, request.origin);
    CHECK_EQUAL(""s, request.prefer);   // a name that goes on behind a NUL is another one
    CHECK_EQUAL("z"s, request.host);
}

TEST(an_error_says_what_how_and_under_which_id)
{
    Request request;
    request.id = "0123456789";
    const Answer answer = problem(request, 400, "invalid_args", "wrong", {{"/args/a", "is no text"}}, Json::object({{"need", 1}}));
    CHECK_EQUAL(R"({"ok":false,"error":"invalid_args","detail":"wrong","requestId":"0123456789",)"
                R"("issues":[{"path":"/args/a","message":"is no text"}],"need":1})"s, answer.body);
}

TEST(an_answer_to_head_has_the_length_but_no_body)
{
    Request request;
    request.id = "0123456789";
    request.method = Method::head;
    const std::string text = encode(request, json_answer(Json::object()));
    CHECK(text.find("Content-Length: 2\r\n\r\n") != std::string::npos && text.ends_with("\r\n\r\n"));
    CHECK(text.find("cache-control: no-store") != std::string::npos);
}

TEST(a_query_is_decoded_and_its_first_value_counts)
{
    Request request;
    request.query = "a=1%202&b&a=3&c=%zz";
    CHECK_EQUAL("1 2"s, request.query_value("a").value());
    CHECK_EQUAL(""s, request.query_value("b").value());
    CHECK(!request.query_value("c") && request.has_query("c") && !request.has_query("d"));
}

TEST(an_event_with_two_lines_has_two_data_lines)
{
    CHECK_EQUAL("id: 7\nevent: tick\ndata: a\ndata: b\n\n"s, sse::event("7", "tick", "a\nb"));
}
