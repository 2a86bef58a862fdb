// Chat completions against a server that answers well, badly, late and not at all.
#include "llm/openai.h"

#include "tests/unit/run_on.h"
#include "tests/unit/scripted_server.h"
#include "tests/unit/test.h"

using namespace forge;
using namespace std::chrono_literals;
using test::answer;
using test::Received;
using test::Script;
using test::ScriptedServer;

namespace {

const std::string good_answer = R"({"choices":[{"message":{"role":"assistant","content":"{\"a\":1}"},
    "finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":5}})";

Completion complete(const std::string& url, Prompt prompt = {.system = "", .user = "say a"}, HttpDeadlines deadlines = {})
{
    Loop loop;
    HttpClient client{loop};
    OpenAiProvider provider{client, {"openai", url, "small", std::make_shared<const Secret>("sk-planted")}};
    return test::run_on(loop, provider.complete(std::move(prompt), deadlines));
}

Completion answered_with(Script script, HttpDeadlines deadlines = {})
{
    ScriptedServer server{[&](const Received&) { return script; }};
    return complete(server.url("/v1"), {.system = "", .user = "say a"}, deadlines);
}

std::string chunk(const std::string& data)
{
    return "data: " + data + "\n\n";
}

std::string token(const std::string& text)
{
    return chunk(R"({"choices":[{"delta":{"content":")" + text + "\"}}]}");
}

Completion streamed(std::vector<test::Step> steps, std::string& tokens)
{
    ScriptedServer server{[&](const Received&) {
        Script script{.steps = {{0ms, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"}}, .keep = false};
        script.steps.insert(script.steps.end(), steps.begin(), steps.end());
        return script;
    }};
    Prompt prompt{.system = "", .user = "say a"};
    prompt.on_token = [&](std::string_view text) { tokens += std::string{text} + "|"; };
    return complete(server.url("/v1"), prompt, {.idle = 5s});
}

}

TEST(a_completion_gives_text_usage_and_the_attempt)
{
    ScriptedServer server{[](const Received&) { return answer(200, good_answer, "x-request-id: req_1\r\n"); }};
    const Completion result = complete(server.url("/v1"));
    CHECK(result.is_ok());
    CHECK_EQUAL("{\"a\":1}"s, result.text);
    CHECK_EQUAL(12L, result.usage->input_tokens);
    CHECK_EQUAL(5L, result.usage->output_tokens);
    CHECK_EQUAL("stop"s, result.finish);
    const Json attempt = result.attempt.json();
    const auto member = [&](const char* name) { return std::string{attempt[name].as_text()}; };
    CHECK_EQUAL("openai small ok"s, member("provider") + " " + member("model") + " " + member("status"));
    CHECK_EQUAL("req_1"s, member("request_id"));
    CHECK(attempt["peer"].as_text().starts_with("127.0.0.1:"));
    CHECK(attempt["ms"].is_integer());
}

TEST(the_request_has_the_form_of_the_protocol)
{
    ScriptedServer server{[](const Received&) { return answer(200, good_answer); }};
    static_cast<void>(complete(server.url("/v1"), {.system = "be brief",
                                                   .user = "say \"a\"",
                                                   .schema = parse_json(R"({"type":"object"})"),
                                                   .temperature = 0.5,
                                                   .most_tokens = 100}));
    const Received sent = server.received().at(0);
    CHECK_EQUAL("POST /v1/chat/completions"s, sent.method + " " + sent.path);
    CHECK_EQUAL("Bearer sk-planted"s, sent.headers.at("authorization"));
    CHECK_EQUAL("application/json"s, sent.headers.at("content-type"));
    CHECK(parse_json(sent.body) == parse_json(R"({"model":"small","messages":[{"role":"system","content":"be brief"},
        {"role":"user","content":"say \"a\""}],"temperature":0.5,"max_tokens":100,
        "response_format":{"type":"json_schema","json_schema":{"name":"output","schema":{"type":"object"}}}})"));
}

TEST(an_error_status_is_mapped_and_what_the_provider_wrote_stays_out)
{
    const std::string body = R"({"error":{"message":"bad key sk-planted","type":"x","code":"invalid_api_key"}})";
    const Completion unauthorized = answered_with(answer(401, body));
    CHECK(unauthorized.attempt.status == AttemptStatus::refused);
    CHECK_EQUAL("HTTP 401 invalid_api_key"s, unauthorized.problem);
    const Completion limited = answered_with(answer(429, R"({"error":{"type":"sk planted!"}})", "retry-after: 7\r\n"));
    CHECK(limited.attempt.status == AttemptStatus::refused);
    CHECK_EQUAL("HTTP 429"s, limited.problem);
    CHECK(Millis{7000} == limited.retry_after);
    const Completion failed = answered_with(answer(500, "<html>sk-planted</html>"));
    CHECK(failed.attempt.status == AttemptStatus::error);
    CHECK_EQUAL("HTTP 500"s, failed.problem);
    CHECK(answered_with(answer(504, "")).attempt.status == AttemptStatus::timeout);
    CHECK(answered_with(answer(302, "", "location: http://elsewhere/\r\n")).attempt.status == AttemptStatus::error);
}

TEST(an_answer_in_another_form_is_an_error)
{
    for (const auto* body : {"", "[]", "not json", R"({"choices":[]})",
                             R"({"choices":[{"message":{"content":null,"refusal":"no"}}]})", R"({"choices":[{"message":{"content":7}}]})"}) {
        const Completion result = answered_with(answer(200, body));
        CHECK(result.attempt.status == AttemptStatus::error);
        CHECK_EQUAL("the answer has not the form of a chat completion"s, result.problem);
    }
}

TEST(a_provider_that_is_late_cuts_off_or_is_not_there_is_named_so)
{
    CHECK(answered_with({{{10s, "x"}}}, {.first_byte = 30ms}).attempt.status == AttemptStatus::timeout);
    const Script cut{{{0ms, "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"}}, false};
    CHECK(answered_with(cut).attempt.status == AttemptStatus::error);
    const Completion nobody = complete("http://127.0.0.1:1/v1");
    CHECK(nobody.attempt.status == AttemptStatus::refused);
    CHECK(nobody.attempt.peer.empty());
    CHECK(!nobody.attempt.json()["peer"]);
}

TEST(a_stream_gives_its_tokens_and_the_whole)
{
    std::string tokens;
    const std::string usage = R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}})";
    const Completion result = streamed({{0ms, ": hello\n\n" + token("Hel")},
                                        {10ms, token("lo").substr(0, 9)},
                                        {10ms, token("lo").substr(9)},
                                        {0ms, chunk(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})")},
                                        {0ms, chunk(usage)},
                                        {0ms, chunk("[DONE]")}},
                                       tokens);
    CHECK(result.is_ok());
    CHECK_EQUAL("Hello"s, result.text);
    CHECK_EQUAL("Hel|lo|"s, tokens);
    CHECK_EQUAL(2L, result.usage->output_tokens);
    CHECK_EQUAL("stop"s, result.finish);
}

TEST(a_stream_that_is_cut_or_turns_into_an_error_fails_after_its_tokens)
{
    std::string tokens;
    const Completion cut = streamed({{0ms, token("Hel")}}, tokens);
    CHECK(cut.attempt.status == AttemptStatus::error);
    CHECK_EQUAL("the answer was cut off"s, cut.problem);
    CHECK(cut.has_begun);
    const Completion error = streamed({{0ms, chunk(R"({"error":{"message":"overloaded"}})")}}, tokens);
    CHECK(error.attempt.status == AttemptStatus::error);
    CHECK(!error.has_begun);
    CHECK(streamed({{0ms, chunk("{broken")}}, tokens).attempt.status == AttemptStatus::error);
}

TEST(the_provider_s_settings_come_from_the_configuration)
{
    const auto config = std::make_shared<const Config>(given_settings({{"OPENAI_BASE_URL", "http://127.0.0.1:8000/v1/"},
                                                                       {"OPENAI_API_KEY", "k"},
                                                                       {"MODEL", "m"},
                                                                       {"FORGE_PROVIDER_IDLE", "7 s"}}));
    const auto settings = openai_settings(config);
    CHECK_EQUAL("http://127.0.0.1:8000/v1"s, settings.url);
    CHECK_EQUAL("k"s, std::string{settings.key->reveal()});
    CHECK(provider_deadlines(*config).idle == Millis{7000});
}
