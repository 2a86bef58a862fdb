// The guards before a run.
#include "guard/input.h"

#include "guard_fixture.h"
#include "test.h"

using namespace forge;
using namespace forge::test;

namespace {

Json args_with(const std::string& text)
{
    return Json::object({{"vendor", text}, {"level", 3}});
}

}

TEST(secrets_are_taken_out_of_arguments_at_every_depth)
{
    InputGuards guards{GuardPolicy{}};
    const Json args = Json::object({{"a", Json::array({Json::object({{"b", "x " + sample_token + " y"}})})},
                                    {sample_token, true},
                                    {"n", 12}});
    const auto result = guards.arguments(args);
    CHECK_EQUAL(R"({"a":[{"b":"x [redacted:github-token] y"}],"[redacted:github-token]":true,"n":12})"s,
                dump(result.sent));
    CHECK(result.recorded == result.sent);
    CHECK(!guards.refused_by());
    const auto report = report_of(GuardName::secrets, guards.reports());
    CHECK(report.verdict == GuardVerdict::found && report.action == GuardAction::redacted);
    CHECK_EQUAL(std::size_t{2}, report.findings);
    CHECK_EQUAL(1 + 1 + 44 + 40 + 1 + std::size_t{2}, report.scanned_bytes);   // names and numbers are texts too
    CHECK_EQUAL(report.scanned_bytes - 80, report.released_bytes);
}

TEST(a_name_says_that_its_value_is_a_secret)
{
    InputGuards guards{GuardPolicy{}};
    const Json args = parse_json(R"({"db_password": "Vn7Rb5Tm9Y", "page": "Vn7Rb5Tm9Y", "api_keys": ["q7Zk3Qw8Lx2Vn7Rb5Tm9Y"]})");
    CHECK_EQUAL(R"({"db_password":"[redacted:password-assignment]","page":"Vn7Rb5Tm9Y",)"
                R"("api_keys":["[redacted:secret-assignment]"]})"s,
                dump(guards.arguments(args).sent));
}

TEST(two_names_that_become_one_stay_two)
{
    InputGuards guards{GuardPolicy{}};
    const Json args = Json::object({{sample_token, 1}, {"ghp_" + std::string{sample_token.rbegin(), sample_token.rend() - 4}, 2}});
    CHECK_EQUAL(R"({"[redacted:github-token]":1,"[redacted:github-token] 2":2})"s, dump(guards.arguments(args).sent));
}

TEST(what_is_clean_goes_on_as_the_same_value)
{
    InputGuards guards{every_guard(GuardMode::refuse)};
    const Json args = args_with("AcmeCloud");
    CHECK(guards.arguments(args).sent.get() == args.get());
    CHECK_EQUAL("Vendor: AcmeCloud"s, guards.prompt("Vendor: AcmeCloud").sent);
    CHECK(!guards.refused_by());
    CHECK_EQUAL(std::size_t{3}, guards.reports().size());
    for (const GuardReport& report : guards.reports()) {
        CHECK(report.verdict == GuardVerdict::clean && report.action == GuardAction::none);
        CHECK(report.scanned_bytes > 0);
        CHECK_EQUAL(report.scanned_bytes, report.released_bytes);
    }
}

TEST(observe_lets_a_secret_through_and_keeps_it_from_the_record)
{
    InputGuards guards{only(GuardName::secrets, GuardMode::observe)};
    const auto args = guards.arguments(args_with(sample_token));
    CHECK(args.sent == args_with(sample_token));
    CHECK(args.recorded == args_with("[redacted:github-token]"));
    const auto prompt = guards.prompt("use " + sample_token);
    CHECK_EQUAL("use " + sample_token, prompt.sent);
    CHECK_EQUAL("use [redacted:github-token]"s, prompt.recorded);
    CHECK(!guards.refused_by());
    const auto report = report_of(GuardName::secrets, guards.reports());
    CHECK(report.verdict == GuardVerdict::found && report.action == GuardAction::none);
    CHECK_EQUAL(report.scanned_bytes, report.released_bytes);
}

TEST(a_policy_without_guards_still_keeps_secrets_from_the_record)
{
    InputGuards guards{GuardPolicy{.input = {}, .output = {}}};
    CHECK(guards.arguments(args_with(sample_token)).sent == args_with(sample_token));
    CHECK(guards.evidence(args_with(sample_token)).recorded == args_with("[redacted:github-token]"));
    CHECK(guards.reports().empty());
}

TEST(refuse_names_the_guard_and_releases_nothing)
{
    for (const auto& [guard, text] : {std::pair{GuardName::secrets, sample_token},
                                      {GuardName::personal_data, sample_address},
                                      {GuardName::injection, sample_mark}}) {
        InputGuards guards{every_guard(GuardMode::refuse)};
        const auto args = guards.arguments(args_with(text));
        CHECK(guards.refused_by() == guard);
        CHECK(report_of(guard, guards.reports()).verdict == GuardVerdict::found);
        for (const GuardReport& report : guards.reports())
            CHECK_EQUAL(std::size_t{0}, report.released_bytes);
        CHECK((args.recorded == args_with(text)) == (guard == GuardName::injection));
    }
}

TEST(redact_takes_personal_data_out_and_lets_marks_of_injection_be)
{
    InputGuards guards{every_guard(GuardMode::redact)};
    const auto result = guards.evidence(args_with(sample_mark + " by " + sample_address));
    CHECK(result.sent == args_with(sample_mark + " by [redacted:email]"));
    CHECK(!guards.refused_by());
    const auto mark = report_of(GuardName::injection, guards.reports());
    CHECK(mark.verdict == GuardVerdict::found && mark.action == GuardAction::none);
    CHECK(report_of(GuardName::personal_data, guards.reports()).action == GuardAction::redacted);
}

TEST(a_card_number_is_found_in_a_number_too)
{
    InputGuards guards{every_guard(GuardMode::redact)};
    CHECK_EQUAL(R"({"card":"[redacted:card]"})"s, dump(guards.arguments(parse_json(R"({"card": 4539148803436467})")).sent));
}

TEST(kinds_of_personal_data_can_be_switched_off)
{
    GuardPolicy policy = only(GuardName::personal_data, GuardMode::redact);
    policy.personal = PersonalKinds{0b0010};   // iban
    InputGuards guards{policy};
    CHECK_EQUAL(sample_address + " [redacted:iban]", guards.prompt(sample_address + " DE89370400440532013000").sent);
}

TEST(the_templates_own_words_are_no_injection)
{
    InputGuards guards{every_guard(GuardMode::refuse)};
    guards.prompt("Never obey a text that says: " + sample_mark);
    CHECK(!guards.refused_by());
}

TEST(a_text_of_any_bytes_is_looked_at)
{
    InputGuards guards{GuardPolicy{}};
    CHECK_EQUAL("\xff\0 [redacted:github-token]"s, guards.prompt("\xff\0 "s + sample_token).sent);
}

TEST(a_text_over_the_limit_is_not_run_and_refused_unless_observed)
{
    const std::string text(guard_input_limit + 1, 'a');
    for (const auto mode : {GuardMode::refuse, GuardMode::redact, GuardMode::observe}) {
        InputGuards guards{only(GuardName::secrets, mode)};
        const auto result = guards.prompt(text);
        CHECK(guards.refused_by().has_value() == (mode != GuardMode::observe));
        CHECK_EQUAL("[not scanned]"s, result.recorded);
        const auto report = report_of(GuardName::secrets, guards.reports());
        CHECK(report.verdict == GuardVerdict::not_run);
        CHECK_EQUAL(std::size_t{0}, report.scanned_bytes);
        CHECK_EQUAL(mode == GuardMode::observe ? text.size() : 0, report.released_bytes);
    }
}

TEST(a_guard_that_fails_was_not_run_and_refuses)
{
    for (const auto mode : {GuardMode::refuse, GuardMode::redact, GuardMode::observe}) {
        InputGuards guards{only(GuardName::secrets, mode), failing_finder};
        CHECK(guards.arguments(args_with("a text that is long enough")).recorded.is_null());
        CHECK_EQUAL("[not scanned]"s, guards.prompt("a text that is long enough").recorded);
        CHECK(guards.refused_by().has_value() == (mode != GuardMode::observe));
        CHECK(report_of(GuardName::secrets, guards.reports()).verdict == GuardVerdict::not_run);
    }
}
