// forge-catalog-import: rewrites the templates of others to our format.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/options.h"
#include "catalog/import_catalog.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr Option options[] = {
    {"--to", "DIR", "the folder to write into; default: the source's name with \"-forge\" behind it"},
    {"--force", "", "replace files that are there"},
    {"--dry-run", "", "write nothing, only say what would be done"},
    {"--owner", "WHO", "the owner of templates that name none"},
    {"--reviewed", "DAY", "the day of the last review, as 2026-11-01, of templates that name none"},
    {"--json", "", "print one JSON object"},
    {"--help", "", "show this"},
};

std::string without_last_slash(std::string folder)
{
    while (folder.size() > 1 && folder.ends_with('/'))
        folder.pop_back();
    return folder;
}

std::string beside(const std::string& root)
{
    const auto name = base_name(root);
    return (name == "." || name == ".." ? std::filesystem::weakly_canonical(root).string() : root) + "-forge";
}

int import(const Arguments& arguments)
{
    arguments.expect_operands(1, 1);
    const auto root = without_last_slash(arguments.operands().front());
    const auto to = without_last_slash(arguments.value("--to", beside(root)));
    const ImportWishes wishes{arguments.value("--owner"), arguments.value("--reviewed")};
    if (!wishes.reviewed.empty() && !parse_rfc3339(wishes.reviewed))
        throw UsageError("--reviewed \"" + wishes.reviewed + "\" is no day like 2026-11-01");
    const bool writes = !arguments.has("--dry-run");
    const auto report = import_catalog(root, to, {.wishes = wishes, .replaces = arguments.has("--force"), .writes = writes});
    if (arguments.has("--json"))
        std::cout << dump_pretty(to_json(report)) << '\n';
    else
        print(std::cout, report, to, writes);
    std::cout.flush();
    return report.is_complete() && std::cout ? EXIT_SUCCESS : EXIT_FAILURE;
}

constexpr Command command = {"", "DIR", "rewrite the templates of others to our format, into a folder of their own", options, import};

int run(const std::vector<std::string>& words)
{
    const Arguments arguments{options, words};
    if (!arguments.has("--help"))
        return command.run(arguments);
    std::cout << help_of("forge-catalog-import", command);
    return EXIT_SUCCESS;
}

}

}

int main(int argc, char** argv)
try {
    return forge::run({argv + 1, argv + argc});
} catch (const forge::UsageError& error) {
    std::cerr << "forge-catalog-import: " << error.what() << '\n';
    return forge::exit_usage;
} catch (const std::exception& error) {
    std::cerr << "forge-catalog-import: " << forge::describe(error) << '\n';
    return EXIT_FAILURE;
}
