// Anthropic's messages: what is sent, and what becomes of each kind of answer.
#include "llm/anthropic.h"

#include "tests/unit/llm_fixture.h"

using namespace forge;
using namespace std::chrono_literals;
using test::answer;
using test::answered_with;
using test::stream;

namespace {

const std::string object_schema = R"({"type":"object","properties":{"a":{"type":"integer"}}})";

/// As Anthropic names each event twice.
std::string named(const std::string& type, const std::string& more = "")
{
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + (more.empty() ? "" : "," + more) + "}\n\n";
}

std::string delta(const std::string& type, const std::string& key, const std::string& text)
{
    return named("content_block_delta", R"("index":0,"delta":{"type":")" + type + "\",\"" + key + "\":" + dump(Json{text}) + "}");
}

const std::string start = named("message_start", R"("message":{"id":"msg_1","usage":{"input_tokens":9,"output_tokens":1}})")
                          + named("content_block_start", R"("index":0,"content_block":{"type":"text","text":""})")
                          + named("ping");
const std::string end = named("content_block_stop", R"("index":0)")
                        + named("message_delta", R"("delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4})")
                        + named("message_stop");

Completion streamed(const std::vector<test::Step>& steps, std::string& tokens)
{
    return answered_with(ProviderKind::anthropic, stream(steps, "request-id: req_011\r\n"), test::streaming(tokens));
}

}

TEST(anthropic_is_asked_with_a_tool_that_must_be_used)
{
    const auto sent = test::sent_for(ProviderKind::anthropic, {.system = "be brief",
                                                               .user = "say a",
                                                               .schema = parse_json(object_schema),
                                                               .temperature = 0.5,
                                                               .most_tokens = 100});
    CHECK_EQUAL("POST /base/v1/messages"s, sent.method + " " + sent.path);
    CHECK_EQUAL("sk-planted"s, sent.headers.at("x-api-key"));
    CHECK_EQUAL("2023-06-01"s, sent.headers.at("anthropic-version"));
    CHECK(!sent.headers.contains("authorization"));
    CHECK(parse_json(sent.body) == parse_json(R"({"model":"small","max_tokens":100,"messages":[{"role":"user","content":"say a"}],
        "system":"be brief","temperature":0.5,"tool_choice":{"type":"tool","name":"output"},
        "tools":[{"name":"output","description":"Takes the answer.","input_schema":)" + object_schema + "}]}"));
}

TEST(anthropic_always_gets_a_bound_and_a_tool_only_for_objects)
{
    const Json plain = parse_json(test::sent_for(ProviderKind::anthropic, {.system = "", .user = "a"}).body);
    CHECK_EQUAL(std::int64_t{4096}, plain["max_tokens"].as_integer());
    CHECK(!plain["system"]);
    CHECK(!plain["tools"]);
    const Prompt wants_list{.system = "", .user = "a", .schema = parse_json(R"({"type":"array"})")};
    CHECK(!parse_json(test::sent_for(ProviderKind::anthropic, wants_list).body)["tools"]);
}

TEST(anthropic_answers_as_a_whole)
{
    const Completion result = answered_with(
        ProviderKind::anthropic,
        answer(200, R"({"id":"msg_1","content":[{"type":"text","text":"Hel"},{"type":"text","text":"lo"}],"stop_reason":"end_turn",
            "usage":{"input_tokens":9,"cache_read_input_tokens":5,"output_tokens":4}})", "request-id: req_011\r\n"));
    CHECK(result.is_ok());
    CHECK_EQUAL("Hello end_turn req_011"s, result.text + " " + result.finish + " " + result.attempt.request_id);
    CHECK_EQUAL(14L, result.attempt.usage->input_tokens);
    CHECK_EQUAL(4L, result.attempt.usage->output_tokens);
}

TEST(what_anthropic_s_model_gives_the_tool_is_the_text)
{
    const Completion result = answered_with(
        ProviderKind::anthropic, answer(200, R"({"id":"msg_1","content":[{"type":"text","text":"Here it is."},
            {"type":"tool_use","id":"toolu_1","name":"output","input":{"a":1}}],"stop_reason":"tool_use"})"));
    CHECK_EQUAL("{\"a\":1}"s, result.text);
    std::string tokens;
    const Completion pieces = streamed(
        {{0ms, start}, {0ms, delta("input_json_delta", "partial_json", "{\"a\"") + delta("input_json_delta", "partial_json", ":1}")}, {0ms, end}},
        tokens);
    CHECK_EQUAL("{\"a\":1}"s, pieces.text);
    CHECK_EQUAL("{\"a\"|:1}|"s, tokens);
}

TEST(anthropic_streams_named_events)
{
    std::string tokens;
    const std::string text = delta("text_delta", "text", "Hel") + delta("text_delta", "text", "lo");
    const Completion result = streamed({{0ms, start}, {5ms, text.substr(0, 40)}, {5ms, text.substr(40)}, {0ms, end}}, tokens);
    CHECK(result.is_ok());
    CHECK_EQUAL("Hel|lo|"s, tokens);
    CHECK_EQUAL("Hello end_turn"s, result.text + " " + result.finish);
    CHECK_EQUAL("req_011"s, result.attempt.request_id);
    CHECK_EQUAL(9L, result.attempt.usage->input_tokens);
    CHECK_EQUAL(4L, result.attempt.usage->output_tokens);
}

TEST(anthropic_s_refusal_is_a_value)
{
    const Completion whole = answered_with(ProviderKind::anthropic,
                                           answer(200, R"({"id":"msg_1","content":[],"stop_reason":"refusal"})"));
    CHECK(whole.attempt.status == AttemptStatus::refused);
    CHECK(whole.has_declined);
    std::string tokens;
    const Completion late = streamed({{0ms, start + delta("text_delta", "text", "Hel")},
                                      {0ms, named("message_delta", R"("delta":{"stop_reason":"refusal"})") + named("message_stop")}},
                                     tokens);
    CHECK(late.has_declined);
    CHECK(late.has_begun);
}

TEST(anthropic_s_errors_are_errors_wherever_they_come)
{
    std::string tokens;
    const std::string overloaded = R"("error":{"type":"overloaded_error","message":"sk-planted"})";
    const Completion busy = answered_with(ProviderKind::anthropic, answer(529, R"({"type":"error",)" + overloaded + "}"));
    CHECK(busy.attempt.status == AttemptStatus::error);
    CHECK_EQUAL("HTTP 529 overloaded_error"s, busy.attempt.problem);
    const Completion late = streamed({{0ms, start}, {0ms, named("error", overloaded)}}, tokens);
    CHECK_EQUAL("an error instead of an answer: HTTP 529 overloaded_error"s, late.attempt.problem);
    CHECK(!late.has_begun);
    const Completion cut = streamed({{0ms, start + delta("text_delta", "text", "Hel")}}, tokens);
    CHECK_EQUAL("the answer was cut off"s, cut.attempt.problem);
    for (const auto* body : {"{}", "[]", R"({"content":"x","stop_reason":"end_turn"})", "<html>"})
        CHECK(answered_with(ProviderKind::anthropic, answer(200, body)).attempt.status == AttemptStatus::error);
}
