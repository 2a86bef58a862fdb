// Ollama's own chat: what is sent, and what becomes of each kind of answer.
#include "llm/ollama.h"

#include "tests/unit/llm_fixture.h"

using namespace forge;
using namespace std::chrono_literals;
using test::answer;
using test::answered_with;
using test::stream;

namespace {

const std::string last_line = R"({"model":"small","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop",
    "prompt_eval_count":9,"eval_count":4})";

std::string line(const std::string& text)
{
    return R"({"model":"small","message":{"role":"assistant","content":")" + text + "\"},\"done\":false}\n";
}

std::string on_one_line(const std::string& json)
{
    return dump(parse_json(json)) + "\n";
}

}

TEST(ollama_is_asked_with_the_schema_as_its_format)
{
    const auto sent = test::sent_for(ProviderKind::ollama, {.system = "be brief",
                                                            .user = "say a",
                                                            .schema = parse_json(R"({"type":"object"})"),
                                                            .temperature = 0.5,
                                                            .most_tokens = 100});
    CHECK_EQUAL("POST /base/api/chat"s, sent.method + " " + sent.path);
    CHECK(parse_json(sent.body) == parse_json(R"({"model":"small","messages":[{"role":"system","content":"be brief"},
        {"role":"user","content":"say a"}],"stream":false,"options":{"temperature":0.5,"num_predict":100},
        "format":{"type":"object"}})"));
}

TEST(ollama_answers_as_a_whole)
{
    const Completion result = answered_with(
        ProviderKind::ollama, answer(200, R"({"message":{"content":"Hello"},"done":true,"done_reason":"stop",
            "prompt_eval_count":9,"eval_count":4})"));
    CHECK(result.is_ok());
    CHECK_EQUAL("Hello stop"s, result.text + " " + result.finish);
    CHECK_EQUAL(9L, result.attempt.usage->input_tokens);
    CHECK_EQUAL(4L, result.attempt.usage->output_tokens);
}

TEST(ollama_streams_lines)
{
    std::string tokens;
    const std::string both = line("Hel") + line("lo");
    const Completion result = answered_with(
        ProviderKind::ollama, stream({{0ms, both.substr(0, 30)}, {5ms, both.substr(30)}, {0ms, on_one_line(last_line)}}),
        test::streaming(tokens));
    CHECK(result.is_ok());
    CHECK_EQUAL("Hel|lo|"s, tokens);
    CHECK_EQUAL("Hello"s, result.text);
    CHECK_EQUAL(4L, result.attempt.usage->output_tokens);
}

TEST(ollama_s_last_line_needs_no_end)
{
    std::string tokens;
    std::string last = on_one_line(last_line);
    last.pop_back();
    CHECK(answered_with(ProviderKind::ollama, stream({{0ms, line("Hello") + last}}), test::streaming(tokens)).is_ok());
}

TEST(ollama_s_errors_are_errors_wherever_they_come)
{
    std::string tokens;
    const Completion missing = answered_with(ProviderKind::ollama, answer(404, R"({"error":"model \"small\" not found"})"));
    CHECK_EQUAL("HTTP 404"s, missing.attempt.problem);
    const Completion late = answered_with(ProviderKind::ollama, stream({{0ms, line("Hel") + "{\"error\":\"out of memory\"}\n"}}),
                                          test::streaming(tokens));
    CHECK(late.attempt.status == AttemptStatus::error);
    CHECK(late.has_begun);
    const Completion cut = answered_with(ProviderKind::ollama, stream({{0ms, line("Hel")}}), test::streaming(tokens));
    CHECK_EQUAL("the answer was cut off"s, cut.attempt.problem);
    for (const auto* body : {"{}", "[]", R"({"message":"x","done":true})", "<html>"})
        CHECK(answered_with(ProviderKind::ollama, answer(200, body)).attempt.status == AttemptStatus::error);
}
