// Several targets: order, retries, breakers, deadlines, cancelling.
#include "llm/providers.h"

#include "tests/unit/llm_fixture.h"

using namespace forge;
using namespace std::chrono_literals;
using test::answer;
using test::chat;
using test::event;
using test::Received;
using test::Script;
using test::ScriptedServer;

namespace {

constexpr auto openai = ProviderKind::compatible;

/// A server that gives these answers one after the other, the last one for ever.
struct Answers {
    explicit Answers(std::vector<Script> scripts_) : scripts(std::move(scripts_)) {}
    Answers(int status, const std::string& headers = "") : Answers(std::vector{answer(status, "{}", headers)}) {}

    Target target(const std::string& name, long retries = 0)
    {
        Target made = test::target(openai, server.url("/v1"), name);
        made.retries = retries;
        return made;
    }
    std::size_t asked() { return server.received().size(); }

    std::vector<Script> scripts;
    std::atomic<std::size_t> next = 0;
    ScriptedServer server{[this](const Received&) { return scripts.at(std::min(next++, scripts.size() - 1)); }};
};

std::vector<std::string> names_of(const std::vector<const Target*>& order)
{
    std::vector<std::string> names;
    for (const Target* target : order)
        names.push_back(target->name);
    return names;
}

/// A second prompt, of another worker on the same breakers: a loop runs once.
Completion complete_again(test::ProvidersFixture& fixture, std::vector<Target> all)
{
    Loop loop;
    HttpClient http{loop};
    Pool compute{loop, "compute", 1, 16};
    Providers providers{{loop, http, compute, fixture.breakers, fixture.metrics}, {.now = [&] { return fixture.now; }}};
    auto targets = std::make_shared<Targets>();
    targets->all = std::move(all);
    for (std::size_t i = 0; i < targets->all.size(); ++i)
        targets->all[i].order = static_cast<long>(i) + 1;
    return test::run_on(loop, providers.complete(targets, {.system = "", .user = "say a"}, fixture.calls));
}

/// Gives the task up once the server was asked.
Task<bool> give_up(Loop& loop, HttpClient& http, Answers& answers, Task<Completion> asking)
{
    asking.start();
    while (answers.asked() == 0)
        co_await sleep_until(loop, steady_now() + 1ms);
    asking = {};
    co_return http.open_transfers() == 0;
}

}

TEST(the_first_that_answers_is_the_last_that_is_asked)
{
    Answers one{{answer(200, chat("fine"))}};
    Answers two{{answer(200, chat("other"))}};
    test::ProvidersFixture fixture;
    const Completion result = fixture.complete({one.target("one"), two.target("two")});
    CHECK_EQUAL("fine"s, result.text);
    CHECK_EQUAL("one ok"s, fixture.called());
    CHECK_EQUAL(std::size_t{0}, two.asked());
}

TEST(what_will_not_go_better_here_goes_to_the_next)
{
    for (const int status : {400, 401, 403, 404, 413, 302, 504}) {
        Answers one{status};
        Answers two{{answer(200, chat("fine"))}};
        test::ProvidersFixture fixture;
        CHECK(fixture.complete({one.target("one", 2), two.target("two")}).is_ok());
        CHECK_EQUAL(std::size_t{2}, fixture.calls.size());
        CHECK_EQUAL(std::size_t{1}, one.asked());
        CHECK(fixture.slept.empty());
    }
}

TEST(what_may_pass_is_tried_again_after_a_delay_with_jitter)
{
    for (const int status : {429, 500, 502, 503, 529}) {
        Answers one{{answer(status, "{}"), answer(status, "{}"), answer(200, chat("fine"))}};
        test::ProvidersFixture fixture;
        CHECK(fixture.complete({one.target("one", 2)}).is_ok());
        CHECK_EQUAL(std::size_t{3}, fixture.calls.size());
        CHECK(fixture.slept == (std::vector{250ms, 500ms}));
    }
    Answers nonsense{{answer(200, "<html>"), answer(200, chat("fine"))}};
    test::ProvidersFixture fixture;
    CHECK(fixture.complete({nonsense.target("one", 2)}).is_ok());
    CHECK_EQUAL("one error, one ok"s, fixture.called());
}

TEST(retries_end_and_the_last_attempt_is_the_result)
{
    Answers one{500};
    Answers two{503};
    test::ProvidersFixture fixture;
    const Completion result = fixture.complete({one.target("one", 1), two.target("two", 1)});
    CHECK_EQUAL("one error, one error, two error, two error"s, fixture.called());
    CHECK_EQUAL("HTTP 503 two"s, result.attempt.problem + " " + result.attempt.provider);
    CHECK(result.was_asked);
}

TEST(retry_after_is_waited_for_in_either_form)
{
    Answers seconds{{answer(429, "{}", "retry-after: 7\r\n"), answer(200, chat("fine"))}};
    test::ProvidersFixture fixture;
    CHECK(fixture.complete({seconds.target("one", 1)}).is_ok());
    CHECK(fixture.slept == std::vector{7250ms});

    Answers date{{answer(429, "{}", "retry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), answer(200, chat("fine"))}};
    test::ProvidersFixture past;
    CHECK(past.complete({date.target("one", 1)}).is_ok());
    CHECK(past.slept == std::vector{250ms});
}

TEST(a_long_retry_after_is_not_waited_for)
{
    Answers one{429, "retry-after: 20\r\n"};
    Answers two{{answer(200, chat("fine"))}};
    test::ProvidersFixture fixture;
    CHECK(fixture.complete({one.target("one", 2), two.target("two")}).is_ok());
    CHECK(fixture.slept.empty());   // another one is there

    Answers patient{{answer(429, "{}", "retry-after: 20\r\n"), answer(200, chat("fine"))}};
    test::ProvidersFixture alone;
    CHECK(alone.complete({patient.target("one", 2)}).is_ok());

    Answers never{429, "retry-after: 3600\r\n"};
    test::ProvidersFixture refused;
    const Completion result = refused.complete({never.target("one", 2)});
    CHECK(result.attempt.status == AttemptStatus::refused);
    CHECK(result.retry_after == 1h);
    CHECK(refused.slept.empty());
}

TEST(a_model_that_declines_is_not_asked_again_but_another_is)
{
    const std::string refusal = R"({"choices":[{"message":{"content":null,"refusal":"no"},"finish_reason":"stop"}]})";
    Answers one{{answer(200, refusal)}};
    Answers two{{answer(200, chat("fine"))}};
    test::ProvidersFixture fixture;
    CHECK(fixture.complete({one.target("one", 2), two.target("two")}).is_ok());
    CHECK_EQUAL("one refused, two ok"s, fixture.called());
    test::ProvidersFixture alone;
    CHECK(alone.complete({one.target("one", 2)}).has_declined);
}

TEST(after_the_first_token_nobody_else_is_asked)
{
    Answers one{{test::stream({{0ms, event(R"({"choices":[{"delta":{"content":"Hel"}}]})")}})}};
    Answers two{{answer(200, chat("fine"))}};
    std::string tokens;
    test::ProvidersFixture fixture;
    const Completion result = fixture.complete({one.target("one", 2), two.target("two")}, test::streaming(tokens));
    CHECK(result.attempt.status == AttemptStatus::error);
    CHECK(result.has_begun);
    CHECK_EQUAL("one error"s, fixture.called());
    CHECK_EQUAL(std::size_t{0}, two.asked());
}

TEST(a_server_that_is_not_there_or_not_who_it_should_be_is_passed_by)
{
    Answers two{{answer(200, chat("fine"))}};
    test::ProvidersFixture fixture;
    Target gone = test::target(openai, "http://127.0.0.1:1/v1", "gone");
    gone.retries = 1;
    CHECK(fixture.complete({gone, two.target("two")}).is_ok());
    CHECK_EQUAL("gone refused, gone refused, two ok"s, fixture.called());
}

TEST(the_deadline_of_all_attempts_ends_the_waiting)
{
    Answers one{500};
    test::ProvidersFixture fixture;
    fixture.total = 600ms;
    static_cast<void>(fixture.complete({one.target("one", 10), one.target("two", 10)}));
    CHECK(fixture.slept == (std::vector{250ms, 250ms}));   // a second wait of 500 ms would end behind it
    CHECK_EQUAL("one error, one error, two error, two error"s, fixture.called());
}

TEST(a_breaker_opens_and_one_probe_tries_again)
{
    Answers one{{answer(500, "{}"), answer(500, "{}"), answer(500, "{}"), answer(200, chat("fine"))}};
    test::ProvidersFixture fixture{{.failures = 3, .rest = 10s}};
    static_cast<void>(fixture.complete({one.target("one", 5)}));
    CHECK_EQUAL(std::size_t{3}, one.asked());
    const std::string open = R"(forge_provider_breaker_open{provider="one"} )";
    CHECK(fixture.metrics.exposition().find(open + "1") != std::string::npos);

    fixture.calls.clear();
    const Completion resting = complete_again(fixture, {one.target("one")});
    CHECK(!resting.was_asked);
    CHECK(resting.attempt.status == AttemptStatus::refused);
    CHECK(resting.retry_after && *resting.retry_after <= 10s);
    CHECK(fixture.calls.empty());
    CHECK_EQUAL(std::size_t{3}, one.asked());

    fixture.now += 10s;
    CHECK(complete_again(fixture, {one.target("one")}).is_ok());
    CHECK(fixture.metrics.exposition().find(open + "0") != std::string::npos);
}

TEST(a_target_that_rests_is_passed_by)
{
    Answers one{500};
    Answers two{{answer(200, chat("fine"))}};
    test::ProvidersFixture fixture{{.failures = 1}};
    CHECK(fixture.complete({one.target("one"), two.target("two")}).is_ok());
    fixture.calls.clear();
    CHECK(complete_again(fixture, {one.target("one"), two.target("two")}).is_ok());
    CHECK_EQUAL("two ok"s, fixture.called());
    Answers three{503};
    fixture.calls.clear();
    CHECK_EQUAL("HTTP 503"s, complete_again(fixture, {three.target("three"), one.target("one")}).attempt.problem);
}

TEST(what_is_only_the_request_s_fault_opens_no_breaker)
{
    Answers one{400};
    test::ProvidersFixture fixture{{.failures = 1}};
    static_cast<void>(fixture.complete({one.target("one")}));
    static_cast<void>(complete_again(fixture, {one.target("one")}));
    CHECK_EQUAL("one refused, one refused"s, fixture.called());
    CHECK_EQUAL(std::size_t{2}, one.asked());
}

TEST(cancelling_closes_the_connection_and_is_noted)
{
    Answers silent{{Script{{{10s, "x"}}}}};
    test::ProvidersFixture fixture;
    auto targets = std::make_shared<Targets>();
    targets->all = {silent.target("one")};
    Task<Completion> asking = fixture.providers.complete(targets, {.system = "", .user = "a"}, fixture.calls);
    CHECK(test::run_on(fixture.loop, give_up(fixture.loop, fixture.http, silent, std::move(asking))));
    CHECK_EQUAL("one cancelled"s, fixture.called());
    const std::string counted = R"(forge_provider_attempts_total{provider="one",status="cancelled"} 1)";
    CHECK(fixture.metrics.exposition().find(counted) != std::string::npos);
}

TEST(a_call_has_its_cost_where_the_settings_have_a_price)
{
    Answers one{{answer(200, chat("fine"))}};
    Target priced = one.target("one");
    priced.price = Price{*parse_micros("0.15"), *parse_micros("0.6")};
    test::ProvidersFixture fixture;
    const Completion result = fixture.complete({priced});
    CHECK_EQUAL("0.0000027 USD"s, result.attempt.cost->amount() + " " + result.attempt.cost->currency);   // 10 and 2 tokens
    CHECK(!complete_again(fixture, {one.target("one")}).attempt.cost);
}

TEST(targets_are_asked_by_order_and_equals_by_weight)
{
    Targets targets;
    for (const auto& [name, order, weight] : {std::tuple{"a", 1L, 1L}, {"b", 1L, 3L}, {"c", 2L, 1L}, {"d", 0L, 1L}})
        targets.all.push_back({.name = name, .url = {}, .model = {}, .key = {}, .order = order, .weight = weight});
    double chance = 0;
    const auto drawn = [&] { return names_of(drawn_order(targets, [&] { return chance; })); };
    CHECK(drawn() == (std::vector{"d"s, "a"s, "b"s, "c"s}));
    chance = 0.26;
    CHECK(drawn() == (std::vector{"d"s, "b"s, "a"s, "c"s}));
    chance = 0.999;
    CHECK(drawn() == (std::vector{"d"s, "b"s, "a"s, "c"s}));
}
