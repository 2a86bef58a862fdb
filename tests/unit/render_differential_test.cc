// render/handlebars.h against npm handlebars: the cases and their right answers come from tests/render-differential.
#include <cstdlib>
#include <fstream>
#include <iostream>

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

// What npm handlebars knows beyond the subset, or finds at run time only, is refused by one of these.
bool is_stricter(std::string_view error)
{
    for (const std::string_view reason : {"not supported", "unknown helper", "unknown block helper",
                                          "unknown data variable", "takes one value", "is a block"})
        if (error.find(reason) != std::string_view::npos)
            return true;
    return false;
}

struct Counts {
    int texts = 0;
    int errors = 0;
    int stricter = 0;
};

bool agrees(const Json& given, const Json& ours, Counts& counts)
{
    if (!ours["error"])
        return ++counts.texts, ours["text"] == given["text"];
    if (!given["text"])
        return ++counts.errors, true;
    return ++counts.stricter, is_stricter(ours["error"].as_text());
}

}

TEST(the_differential_cases_agree_with_npm_handlebars)
{
    const char* const path = std::getenv("FORGE_RENDER_CASES");
    if (!path)
        throw test::Skipped{"run by tests/render-differential"};
    std::ifstream file{path};
    Counts counts;
    for (std::string line; std::getline(file, line);) {
        const Json given = parse_json(line);
        const Json ours = answer(given);
        CPPUNIT_ASSERT_MESSAGE("case: " + line + "\nours: " + dump(ours), agrees(given, ours, counts));
    }
    std::cout << "render differential: " << counts.texts << " equal texts, " << counts.errors << " errors in both, "
              << counts.stricter << " refused by us only\n";
    CHECK(counts.texts > 20 * counts.stricter);
}
