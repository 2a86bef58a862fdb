// render/handlebars.h against npm handlebars: the cases and their right answers come from tests/render-differential.
#include <cstdlib>
#include <fstream>

#include "render/handlebars.h"
#include "tests/unit/test.h"

namespace {

using namespace forge;

// What we make of a case: {"text": …} or {"error": …}.
Json answer(const Json& given)
try {
    return Json::object({{"text", Handlebars::compile(given["template"].as_text()).render(given["context"])}});
} catch (const TemplateError& error) {
    return Json::object({{"error", error.what()}});
}

// A mutated template may hold what only npm handlebars knows: then ours must refuse it by that name.
bool is_stricter(const Json& given, const std::string& error)
{
    if (!given["mutated"].as_bool())
        return false;
    for (const std::string_view reason : {"not supported", "unknown helper", "unknown block helper", "unknown data variable", "takes one value", "is a block"})
        if (error.find(reason) != std::string::npos)
            return true;
    return false;
}

bool agrees(const Json& given, const Json& ours)
{
    if (!ours["error"])
        return ours["text"] == given["text"];
    return !given["text"] || is_stricter(given, std::string{ours["error"].as_text()});
}

}

TEST(the_differential_cases_agree_with_npm_handlebars)
{
    const char* const path = std::getenv("FORGE_RENDER_CASES");
    if (!path)
        throw test::Skipped{"run by tests/render-differential"};
    std::ifstream file{path};
    int cases = 0;
    for (std::string line; std::getline(file, line); ++cases) {
        const Json given = parse_json(line);
        const Json ours = answer(given);
        CPPUNIT_ASSERT_MESSAGE("case: " + line + "\nours: " + dump(ours), agrees(given, ours));
    }
    CHECK(cases > 0);
}
