// Chat completions: what is sent, and what becomes of each kind of answer.
#include "llm/openai.h"

#include "base/text.h"
#include "tests/unit/llm_fixture.h"

using namespace forge;
using namespace std::chrono_literals;
using test::answer;
using test::answered_with;
using test::event;
using test::Received;
using test::sent_for;
using test::stream;

namespace {

const std::string good_answer = R"({"id":"chatcmpl-1","choices":[{"message":{"role":"assistant","content":"{\"a\":1}"},
    "finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":5}})";

std::string token(const std::string& text)
{
    return event(R"({"choices":[{"delta":{"content":")" + text + "\"}}]}");
}

std::string end_of(const std::string& reason)
{
    return event(R"({"choices":[{"delta":{},"finish_reason":")" + reason + "\"}]}");
}

Completion whole(int status, const std::string& body, const std::string& headers = "")
{
    return answered_with(ProviderKind::openai, answer(status, body, headers));
}

Completion streamed(const std::vector<test::Step>& steps, std::string& tokens)
{
    return answered_with(ProviderKind::openai, stream(steps), test::streaming(tokens));
}

}

TEST(a_completion_gives_text_usage_and_the_attempt)
{
    const Completion result = whole(200, good_answer, "x-request-id: req_1\r\n");
    CHECK(result.is_ok());
    CHECK_EQUAL("{\"a\":1}"s, result.text);
    CHECK_EQUAL(12L, result.attempt.usage->input_tokens);
    CHECK_EQUAL(5L, result.attempt.usage->output_tokens);
    CHECK_EQUAL("stop"s, result.finish);
    CHECK(!result.has_begun);
    const Json attempt = result.attempt.json();
    const auto member = [&](const char* name) { return std::string{attempt[name].as_text()}; };
    CHECK_EQUAL("one small ok"s, member("provider") + " " + member("model") + " " + member("status"));
    CHECK_EQUAL("req_1"s, member("request_id"));
    CHECK(attempt["peer"].as_text().starts_with("127.0.0.1:"));
    CHECK(attempt["ms"].is_integer());
}

TEST(without_a_header_the_answer_s_id_names_the_request_and_a_strange_one_is_dropped)
{
    CHECK_EQUAL("chatcmpl-1"s, whole(200, good_answer).attempt.request_id);
    CHECK_EQUAL("chatcmpl-1"s, whole(200, good_answer, "x-request-id: <script>\r\n").attempt.request_id);
    CHECK_EQUAL(""s, whole(500, "{}", "x-request-id: " + std::string(200, 'x') + "\r\n").attempt.request_id);
}

TEST(the_request_has_the_form_of_the_protocol)
{
    const Prompt prompt{.system = "be brief",
                        .user = "say \"a\"",
                        .schema = parse_json(R"({"type":"object"})"),
                        .temperature = 0.5,
                        .most_tokens = 100};
    const std::string body = R"({"model":"small","messages":[{"role":"system","content":"be brief"},
        {"role":"user","content":"say \"a\""}],"temperature":0.5,"MOST":100,
        "response_format":{"type":"json_schema","json_schema":{"name":"output","schema":{"type":"object"}}}})";
    const Received sent = sent_for(ProviderKind::openai, prompt);
    CHECK_EQUAL("POST /base/chat/completions"s, sent.method + " " + sent.path);
    CHECK_EQUAL("Bearer sk-planted"s, sent.headers.at("authorization"));
    CHECK_EQUAL("application/json"s, sent.headers.at("content-type"));
    CHECK(parse_json(sent.body) == parse_json(replace_all(body, "MOST", "max_completion_tokens")));
    const std::string compatible = sent_for(ProviderKind::compatible, prompt).body;
    CHECK(parse_json(compatible) == parse_json(replace_all(body, "MOST", "max_tokens")));
    CHECK(parse_json(sent_for(ProviderKind::ollama_openai, prompt).body) == parse_json(compatible));
}

TEST(openrouter_is_told_who_asks_and_to_route_to_models_that_honour_a_schema)
{
    test::ScriptedServer server{[](const Received&) { return answer(200, good_answer, "x-generation-id: gen-7\r\n"); }};
    Target whom = test::target(ProviderKind::openrouter, server.url("/api/v1"));
    whom.headers = {{"http-referer", "https://forge.example"}, {"x-title", "VaultMesh Forge"}};
    CHECK_EQUAL("gen-7"s, test::ask_once(whom, {.system = "", .user = "a"}).attempt.request_id);
    CHECK_EQUAL("https://forge.example"s, server.received().at(0).headers.at("http-referer"));
    CHECK_EQUAL("VaultMesh Forge"s, server.received().at(0).headers.at("x-title"));
    CHECK(!parse_json(server.received().at(0).body)["provider"]);
    const Received strict = sent_for(ProviderKind::openrouter, {.system = "", .user = "a", .schema = Json::object()});
    CHECK(parse_json(strict.body)["provider"]["require_parameters"].as_bool());
}

TEST(an_error_status_is_mapped_and_what_the_provider_wrote_stays_out)
{
    const Completion unauthorized =
        whole(401, R"({"error":{"message":"bad key sk-planted","type":"x","code":"invalid_api_key"}})");
    CHECK(unauthorized.attempt.status == AttemptStatus::refused);
    CHECK_EQUAL("HTTP 401 invalid_api_key"s, unauthorized.attempt.problem);
    const Completion limited = whole(429, R"({"error":{"type":"sk planted!"}})", "retry-after: 7\r\n");
    CHECK(limited.attempt.status == AttemptStatus::refused);
    CHECK_EQUAL("HTTP 429"s, limited.attempt.problem);
    CHECK(Millis{7000} == limited.retry_after);
    const Completion failed = whole(500, "<html>sk-planted</html>");
    CHECK(failed.attempt.status == AttemptStatus::error);
    CHECK_EQUAL("HTTP 500"s, failed.attempt.problem);
    CHECK(whole(504, "").attempt.status == AttemptStatus::timeout);
}

TEST(a_redirect_is_an_error_and_is_not_followed)
{
    test::ScriptedServer server{[](const Received&) { return answer(302, "", "location: /elsewhere\r\n"); }};
    const Completion result = test::ask_once(test::target(ProviderKind::openai, server.url("")), {.system = "", .user = "a"});
    CHECK(result.attempt.status == AttemptStatus::error);
    CHECK_EQUAL("HTTP 302"s, result.attempt.problem);
    CHECK_EQUAL(std::size_t{1}, server.received().size());
}

TEST(an_answer_in_another_form_is_an_error)
{
    for (const auto* body : {"", "[]", "not json", R"({"choices":[]})", R"({"choices":[{"message":{"content":null}}]})",
                             R"({"choices":[{"message":{"content":7}}]})", R"({"choices":{"0":{}}})", "\xff", "{\"a\":\"\\u0000\"}"}) {
        const Completion result = whole(200, body);
        CHECK(result.attempt.status == AttemptStatus::error);
        CHECK_EQUAL("the answer has not the form of the protocol"s, result.attempt.problem);
    }
}

TEST(an_error_that_comes_as_an_answer_counts_as_its_status)
{
    const Completion down = whole(200, R"({"error":{"code":502,"message":"your model is down"}})");
    CHECK(down.attempt.status == AttemptStatus::error);
    CHECK_EQUAL("an error instead of an answer: HTTP 502"s, down.attempt.problem);
    CHECK_EQUAL(502, down.http_status);
    std::string tokens;
    const Completion later = streamed(
        {{0ms, token("Hel")}, {0ms, event(R"({"error":{"code":429,"message":"slow down"},"choices":[{"finish_reason":"error"}]})")}}, tokens);
    CHECK(later.attempt.status == AttemptStatus::refused);
    CHECK_EQUAL(429, later.http_status);
    CHECK(later.has_begun);
}

TEST(a_model_that_declines_is_refused_and_not_an_error)
{
    std::string tokens;
    for (const Completion& declined :
         {whole(200, R"({"choices":[{"message":{"content":null,"refusal":"I will not"},"finish_reason":"stop"}]})"),
          whole(200, R"({"choices":[{"message":{"content":""},"finish_reason":"content_filter"}]})"),
          whole(400, R"({"error":{"code":"content_filter","message":"x"}})"),
          whole(403, R"({"error":{"code":403,"message":"flagged","metadata":{"reasons":["violence"]}}})"),
          streamed({{0ms, event(R"({"choices":[{"delta":{"refusal":"I will"}}]})")}, {0ms, end_of("stop")}}, tokens)}) {
        CHECK(declined.attempt.status == AttemptStatus::refused);
        CHECK(declined.has_declined);
        CHECK(!declined.has_begun);
    }
    const Completion late = streamed({{0ms, token("Hel")}, {0ms, end_of("content_filter")}}, tokens);
    CHECK(late.has_declined);
    CHECK(late.has_begun);
}

TEST(a_stream_gives_its_tokens_and_the_whole)
{
    std::string tokens;
    const std::string usage = R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}})";
    const Completion result = streamed({{0ms, ": hello\n\n" + token("Hel")},
                                        {10ms, token("lo").substr(0, 9)},
                                        {10ms, token("lo").substr(9)},
                                        {0ms, end_of("stop")},
                                        {0ms, event(usage)},
                                        {0ms, event("[DONE]")}},
                                       tokens);
    CHECK(result.is_ok());
    CHECK_EQUAL("Hello"s, result.text);
    CHECK_EQUAL("Hel|lo|"s, tokens);
    CHECK_EQUAL(2L, result.attempt.usage->output_tokens);
    CHECK_EQUAL("stop"s, result.finish);
}

TEST(a_stream_is_asked_for_with_its_usage)
{
    std::string tokens;
    const Json body = parse_json(sent_for(ProviderKind::openai, test::streaming(tokens)).body);
    CHECK(body["stream"].as_bool());
    CHECK(body["stream_options"]["include_usage"].as_bool());
}

TEST(a_stream_that_is_cut_or_turns_into_an_error_fails_after_its_tokens)
{
    std::string tokens;
    const Completion cut = streamed({{0ms, token("Hel")}}, tokens);
    CHECK(cut.attempt.status == AttemptStatus::error);
    CHECK_EQUAL("the answer was cut off"s, cut.attempt.problem);
    CHECK(cut.has_begun);
    const Completion error = streamed({{0ms, event(R"({"error":{"message":"overloaded"}})")}}, tokens);
    CHECK(error.attempt.status == AttemptStatus::error);
    CHECK(!error.has_begun);
    CHECK(streamed({{0ms, event("{broken")}}, tokens).attempt.status == AttemptStatus::error);
}
