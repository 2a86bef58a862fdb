// Answers without a model: where they come from, and where they are not allowed.
#include "llm/offline.h"

#include "http/message.h"
#include "tests/unit/test.h"

using namespace forge;

namespace {

const Json found = Json::object({{"findings", 3}});
const Json example = Json::object({{"findings", 1}});

Config config(const std::map<std::string, std::string>& values)
{
    return Config{given_settings(values)};
}

std::string code(const Json& collected, const Json& example_output, const Config& settings)
{
    try {
        static_cast<void>(answer_offline(collected, example_output, settings));
    } catch (const Refusal& refusal) {
        return std::to_string(refusal.status) + " " + refusal.code;
    }
    return "";
}

}

TEST(what_a_collector_found_is_a_real_answer)
{
    const auto answer = answer_offline(found, example, config({}));
    CHECK(answer.output == found);
    CHECK_EQUAL("collector"s, std::string{answer.basis});
    CHECK(!answer.simulated);
}

TEST(an_example_is_marked_as_simulated)
{
    const auto answer = answer_offline({}, example, config({{"FORGE_ENV", "development"}}));
    CHECK(answer.output == example);
    CHECK_EQUAL("example"s, std::string{answer.basis});
    CHECK(answer.simulated);
    CHECK(!answer.output["simulated"]);
}

TEST(production_simulates_only_where_it_is_allowed)
{
    CHECK_EQUAL("503 simulated_not_allowed"s, code({}, example, config({})));
    CHECK_EQUAL(""s, code({}, example, config({{"ALLOW_SIMULATED", "1"}})));
    CHECK_EQUAL("503 offline_no_answer"s, code({}, {}, config({{"FORGE_ENV", "development"}})));
}
