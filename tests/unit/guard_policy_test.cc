// Which guards a template asks for, and what they do about what they find.
#include "guard/policy.h"

#include "base/error.h"
#include "guard/report.h"
#include "test.h"

#include <string>

using namespace forge;

namespace {

GuardPolicy policy(std::string_view json)
{
    return guard_policy(parse_json(json));
}

std::string refusal(std::string_view json)
{
    try {
        policy(json);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

}

TEST(a_template_without_guards_has_secrets_redacted_on_both_sides)
{
    const GuardPolicy chosen = policy("{}");
    CHECK(chosen == GuardPolicy{});
    CHECK(chosen.mode == GuardMode::redact);
    for (const auto& side : {chosen.input, chosen.output}) {
        CHECK(has(side, GuardName::secrets));
        CHECK(!has(side, GuardName::personal_data) && !has(side, GuardName::injection));
    }
}

TEST(what_a_template_says_of_its_guards_is_taken)
{
    const GuardPolicy chosen = policy(
        R"({"input": ["injection", "personal_data"], "output": [], "mode": "refuse", "personal": ["iban", "card"]})");
    CHECK(chosen.mode == GuardMode::refuse);
    CHECK(!has(chosen.input, GuardName::secrets));
    CHECK(has(chosen.input, GuardName::personal_data) && has(chosen.input, GuardName::injection));
    CHECK(chosen.output.none());
    CHECK(chosen.personal == PersonalKinds{0b0110});
}

TEST(unknown_words_of_a_policy_are_refused_with_their_place)
{
    CHECK_EQUAL("/guards/input/1: no guard \"secret\"; there are secrets, personal_data, injection"s,
                refusal(R"({"input": ["secrets", "secret"]})"));
    CHECK_EQUAL("/guards/mode: no mode \"warn\"; there are observe, redact, refuse"s, refusal(R"({"mode": "warn"})"));
    CHECK_EQUAL("/guards/mode: no mode; there are observe, redact, refuse"s, refusal(R"({"mode": null})"));
    CHECK_EQUAL("/guards/output/1: \"secrets\" is listed twice"s, refusal(R"({"output": ["secrets", "secrets"]})"));
    CHECK_EQUAL("/guards/output: must be a list"s, refusal(R"({"output": "secrets"})"));
    CHECK_EQUAL("/guards/outputs: no such member; there are input, output, mode, personal"s,
                refusal(R"({"outputs": []})"));
    CHECK_EQUAL("/guards/personal/0: no kind of personal data \"name\"; there are email, iban, card, phone"s,
                refusal(R"({"personal": ["name"]})"));
    CHECK_EQUAL("/guards: must be an object"s, refusal("[]"));
}

TEST(reports_of_one_guard_are_added_and_the_worst_is_kept)
{
    const GuardReport streamed{GuardName::secrets,    GuardStage::output, GuardVerdict::found,
                               GuardAction::redacted, 100,                60, 1};
    const GuardReport whole{GuardName::secrets, GuardStage::output, GuardVerdict::clean, GuardAction::none, 50, 50, 0};
    const GuardReport other{GuardName::secrets, GuardStage::input, GuardVerdict::clean, GuardAction::none, 7, 7, 0};
    const auto sums = combined({streamed, other, whole});
    CHECK_EQUAL(std::size_t{2}, sums.size());
    CHECK((sums[0] == GuardReport{GuardName::secrets, GuardStage::output, GuardVerdict::found, GuardAction::redacted,
                                  150, 110, 1}));
    CHECK_EQUAL(R"([{"name":"secrets","stage":"input","verdict":"clean","action":"none","scanned_bytes":7,)"
                R"("released_bytes":7}])"s,
                dump(guards_json({sums[1]})));
    CHECK(!refusing_guard(sums));
}
