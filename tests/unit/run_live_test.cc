// A run put to a model: valid at once, repaired, invalid, failed.
#include "run/live.h"

#include "tests/unit/guard_fixture.h"
#include "tests/unit/llm_fixture.h"

using namespace forge;
using test::answer;
using test::chat;
using test::ScriptedServer;

namespace {

Prepared prepared(const std::string& output_schema)
{
    auto source = std::make_shared<CatalogTemplate>();
    source->inputs = Json::object();
    source->model = parse_json(R"({"temperature": 0.2, "max_tokens": 50})");
    if (!output_schema.empty())
        source->output = parse_json(output_schema);
    Prepared run;
    run.compiled = std::make_shared<const CompiledTemplate>(source);
    run.policy = run.compiled->guards;
    run.system = "be strict";
    run.user = "give n";
    return run;
}

const std::string wants_number = R"({"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}})";

Task<bool> ended(Task<void> task)
{
    co_await task;
    co_return true;
}

/// A provider that gives these answers one after the other, and what it was asked.
struct Fixture {
    explicit Fixture(std::vector<test::Script> answers_) : answers(std::move(answers_)) {}

    RunEnd run(const std::string& output_schema, GuardMode mode = GuardMode::redact)
    {
        auto targets = std::make_shared<Targets>();
        targets->all = {test::target(ProviderKind::compatible, server.url("/v1"), "openai")};
        targets->all[0].retries = 0;
        Prepared what = prepared(output_schema);
        what.targets = targets;
        what.policy.mode = mode;
        OpenRun open{parts.loop, what.start, StageClock{}, false};
        RunEnd end;
        test::run_on(parts.loop, ended(answer_live(what, open, {parts.providers, parts.compute}, end)));
        return end;
    }

    std::string user_text(std::size_t request)
    {
        return std::string{parse_json(server.received().at(request).body)["messages"].at(1)["content"].as_text()};
    }

    std::vector<test::Script> answers;
    std::size_t next = 0;
    ScriptedServer server{[this](const test::Received&) { return answers.at(next++); }};
    test::ProvidersFixture parts;
};

}

TEST(an_answer_that_satisfies_the_schema_is_valid)
{
    Fixture fixture{{answer(200, chat("```json\n{\"n\": 7}\n```"))}};
    const RunEnd end = fixture.run(wants_number);
    CHECK_EQUAL("ok valid model"s, end.status + " " + end.schema + " " + end.basis);
    CHECK(end.output == Json::object({{"n", 7}}));
    CHECK_EQUAL(std::size_t{1}, end.attempts.size());
    const ProviderCall& attempt = end.attempts[0];
    CHECK_EQUAL("openai small ok"s, attempt.provider + " " + attempt.model + " " + std::string{name_of(attempt.status)});
    const Json asked = parse_json(fixture.server.received().at(0).body);
    CHECK_EQUAL(0.2, asked["temperature"].as_number());
    CHECK(asked["response_format"]["json_schema"]["schema"]["required"].is_array());
    const std::string counted = R"(forge_provider_attempts_total{provider="openai",status="ok"} 1)";
    CHECK(fixture.parts.metrics.exposition().find(counted) != std::string::npos);
}

TEST(an_answer_that_does_not_is_repaired_once)
{
    Fixture fixture{{answer(200, chat("{\"n\": \"seven\"}")), answer(200, chat("{\"n\": 7}"))}};
    const RunEnd end = fixture.run(wants_number);
    CHECK_EQUAL("ok repaired"s, end.status + " " + end.schema);
    CHECK_EQUAL(std::size_t{2}, end.attempts.size());
    CHECK_EQUAL(std::int64_t{20}, usage_json(end.attempts)["input_tokens"].as_integer());
    CHECK(fixture.user_text(1).find("/n must be") != std::string::npos);
}

TEST(an_answer_that_stays_wrong_is_invalid_and_kept)
{
    Fixture fixture{{answer(200, chat("no JSON here")), answer(200, chat("{\"n\": null}"))}};
    const RunEnd end = fixture.run(wants_number);
    CHECK_EQUAL("invalid invalid"s, end.status + " " + end.schema);
    CHECK(end.output == Json::object({{"n", nullptr}}));
    CHECK_EQUAL(std::size_t{2}, fixture.next);
}

TEST(without_a_schema_any_text_is_an_answer)
{
    Fixture fixture{{answer(200, chat("plain words"))}};
    const RunEnd end = fixture.run("");
    CHECK_EQUAL("ok none"s, end.status + " " + end.schema);
    CHECK(end.output == Json{"plain words"});
}

TEST(a_provider_that_fails_ends_the_run_as_failed)
{
    Fixture fixture{{answer(500, "{}")}};
    const RunEnd end = fixture.run(wants_number);
    CHECK_EQUAL("failed none "s, end.status + " " + end.schema + " " + end.basis);
    CHECK(end.attempts.at(0).status == AttemptStatus::error);
    CHECK(!end.output);
    Fixture later{{answer(200, chat("{}")), answer(429, "{}")}};
    CHECK_EQUAL("invalid invalid"s, later.run(wants_number).status + " invalid");
}

TEST(an_answer_goes_back_for_repair_as_the_guards_left_it)
{
    Fixture fixture{{answer(200, chat("{\"n\": \"" + test::sample_token + "\"}")), answer(200, chat("{\"n\": 7}"))}};
    const RunEnd end = fixture.run(wants_number);
    CHECK_EQUAL("ok repaired"s, end.status + " " + end.schema);
    CHECK(fixture.user_text(1).find("{\"n\":\"[redacted:github-token]\"}") != std::string::npos);
    CHECK(fixture.user_text(1).find(test::sample_token) == std::string::npos);
}

TEST(an_answer_that_a_guard_refuses_is_not_repaired)
{
    for (const std::string& content : {"no JSON, but " + test::sample_token, "{\"n\": \"" + test::sample_token + "\"}"}) {
        Fixture fixture{{answer(200, chat(content)), answer(200, chat("{\"n\": 7}"))}};
        const RunEnd end = fixture.run(wants_number, GuardMode::refuse);
        CHECK_EQUAL("failed none secrets"s, end.status + " " + end.schema + " " + end.refused_by);
        CHECK(!end.output && !end.recorded_output);
        CHECK_EQUAL(std::size_t{1}, fixture.next);
    }
}
