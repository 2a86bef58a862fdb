// One call to a server that is late, stalls, cuts, floods, or is not who it should be.
#include "llm/attempt.h"

#include "tests/unit/llm_fixture.h"

using namespace forge;
using namespace std::chrono_literals;
using test::answer;
using test::answered_with;
using test::event;
using test::Script;
using test::stream;

namespace {

constexpr auto openai = ProviderKind::openai;
const std::string token = event(R"({"choices":[{"delta":{"content":"Hel"}}]})");
const std::string comment = ": still thinking\n\n";

Completion streamed(const Script& script, HttpDeadlines deadlines, std::string& tokens)
{
    return answered_with(openai, script, test::streaming(tokens), deadlines);
}

}

TEST(a_provider_that_is_late_cuts_off_or_is_not_there_is_named_so)
{
    const Prompt prompt{.system = "", .user = "say a"};
    CHECK(answered_with(openai, {{{10s, "x"}}}, prompt, {.first_byte = 30ms}).attempt.status == AttemptStatus::timeout);
    const Script cut{{{0ms, "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"}}, false};
    CHECK(answered_with(openai, cut).attempt.status == AttemptStatus::error);
    const Completion nobody = test::ask_once(test::target(openai, "http://127.0.0.1:1/v1"), prompt);
    CHECK(nobody.attempt.status == AttemptStatus::refused);
    CHECK(nobody.attempt.peer.empty());
    CHECK(!nobody.attempt.json()["peer"]);
}

TEST(a_stream_without_a_token_is_late_whatever_else_it_sends)
{
    std::string tokens;
    std::vector<test::Step> steps(100, {5ms, comment});
    const Completion late = streamed(stream(steps), {.first_byte = 60ms, .idle = 10s}, tokens);
    CHECK(late.attempt.status == AttemptStatus::timeout);
    CHECK(!late.has_begun);
    CHECK(late.attempt.peer.starts_with("127.0.0.1:"));
}

TEST(a_model_that_thinks_aloud_is_not_late)
{
    std::string tokens;
    std::vector<test::Step> steps(20, {10ms, event(R"({"choices":[{"delta":{"reasoning_content":"hm"}}]})")});
    steps.push_back({0ms, token + event("[DONE]")});
    CHECK(streamed(stream(steps), {.first_byte = 5s, .idle = 5s}, tokens).is_ok());
    CHECK_EQUAL("Hel|"s, tokens);
}

TEST(a_stream_that_stalls_after_its_first_token_is_a_timeout_that_has_begun)
{
    std::string tokens;
    std::vector<test::Step> steps{{0ms, token}};
    steps.insert(steps.end(), 100, {5ms, comment});
    const Completion stalled = streamed(stream(steps), {.first_byte = 10s, .idle = 60ms}, tokens);
    CHECK(stalled.attempt.status == AttemptStatus::timeout);
    CHECK(stalled.has_begun);
    CHECK_EQUAL("Hel"s, stalled.text);
}

TEST(a_connection_that_is_cut_in_mid_stream_is_an_error_that_has_begun)
{
    std::string tokens;
    const std::string head = "HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n";
    const Completion cut = streamed({{{0ms, head + token}}, false}, {}, tokens);
    CHECK(cut.attempt.status == AttemptStatus::error);
    CHECK(cut.has_begun);
}

TEST(fifty_megabytes_are_not_taken)
{
    const Completion whole = answered_with(openai, answer(200, test::chat(std::string(50'000'000, 'x'))));
    CHECK(whole.attempt.status == AttemptStatus::error);
    CHECK_EQUAL("larger than 16777216 bytes"s, whole.attempt.problem);
    CHECK_EQUAL(413, whole.http_status);
    std::string tokens;
    const Script flood = stream({{0ms, "data: " + std::string(50'000'000, 'x')}});
    CHECK(streamed(flood, {}, tokens).attempt.status == AttemptStatus::error);
    CHECK_EQUAL(""s, tokens);
}

TEST(what_is_large_is_written_and_read_by_another_thread)
{
    const std::string text(1'000'000, 'x');
    test::ScriptedServer server{[](const test::Received& request) {
        return answer(200, test::chat(std::string{parse_json(request.body)["messages"].at(1)["content"].as_text()}));
    }};
    const Completion result = test::ask_once(test::target(openai, server.url("")), {.system = "repeat", .user = text});
    CHECK(result.is_ok());
    CHECK(result.text == text);
}

TEST(the_key_is_sent_and_an_empty_one_is_not)
{
    test::ScriptedServer server{[](const test::Received&) { return answer(200, test::chat("a")); }};
    Target whom = test::target(openai, server.url(""));
    static_cast<void>(test::ask_once(whom, {.system = "", .user = "a"}));
    CHECK_EQUAL("Bearer sk-planted"s, server.received().at(0).headers.at("authorization"));
    whom.key = std::make_shared<const Secret>();
    static_cast<void>(test::ask_once(whom, {.system = "", .user = "a"}));
    CHECK(!server.received().at(1).headers.contains("authorization"));
}
