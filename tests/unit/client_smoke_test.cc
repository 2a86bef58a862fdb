// forge smoke against servers that are not what they should be.
#include "client/smoke.h"

#include <algorithm>

#include "tests/unit/scripted_server.h"
#include "tests/unit/test.h"

using namespace forge;
using namespace forge::test;

namespace {

/// What a server answers, by path; anything else is 404.
std::vector<CheckedStep> steps_against(const std::map<std::string, std::string>& answers)
{
    ScriptedServer scripted{[&](const Received& request) {
        const auto at = answers.find(request.path.substr(0, request.path.find('?')));
        return at == answers.end() ? answer(404, R"({"ok":false,"error":"not_found","detail":"nothing"})") : answer(200, at->second);
    }};
    Server server{scripted.url(""), ""};
    return smoke(server, false, [](const CheckedStep&) {});
}

const CheckedStep* find(const std::vector<CheckedStep>& steps, const std::string& name)
{
    const auto at = std::ranges::find(steps, name, &CheckedStep::name);
    return at == steps.end() ? nullptr : &*at;
}

const std::string health = R"({"ok":true,"service":"vaultmesh-forge","version":"1","mode":"offline"})";
const std::string leaf(64, 'a');

}

TEST(something_else_at_the_address_is_asked_one_question_only)
{
    const auto steps = steps_against({{"/v1/health", R"({"ok":true,"service":"another"})"}});
    CHECK_EQUAL(std::size_t{1}, steps.size());
    CHECK(!steps.front().ok && !steps.front().remedy.empty());
}

TEST(steps_go_on_after_one_that_failed_but_not_to_the_record_of_a_run_that_was_not)
{
    const auto steps = steps_against({{"/v1/health", health}, {"/v1/api/templates", "[]"}});
    CHECK(find(steps, "health")->ok);
    CHECK_EQUAL("the catalog is empty"s, find(steps, "templates")->found);
    CHECK(!find(steps, "run")->ok);
    CHECK(find(steps, "record") == nullptr && find(steps, "receipt") == nullptr);
    CHECK(!all_well(steps));
}

TEST(a_record_or_a_receipt_of_something_else_is_not_ok)
{
    const auto steps = steps_against({{"/v1/health", health},
                                      {"/v1/api/execute", R"({"eventId":"r1","status":"ok","ledger":{"index":7,"leaf":")" + leaf + R"("}})"},
                                      {"/v1/api/ledger/events/r1", R"({"lines":[{"index":7,"leaf":"bb"}]})"},
                                      {"/v1/api/ledger/events/r1/receipt", "no receipt"}});
    CHECK(find(steps, "run")->ok);
    CHECK(!find(steps, "record")->ok);
    CHECK(find(steps, "receipt")->found.starts_with("the receipt is none"));
}

TEST(what_a_server_says_cannot_steer_a_terminal)
{
    const auto steps = steps_against({{"/v1/health", R"({"ok":true,"service":"vaultmesh-forge","version":"\u001b[2J","mode":"x"})"}});
    CHECK(find(steps, "health")->found.find('\033') == std::string::npos);
}
