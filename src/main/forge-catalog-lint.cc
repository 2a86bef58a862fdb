// forge-catalog-lint: says what is wrong with the templates of a catalog.
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/options.h"
#include "catalog/lint.h"
#include "catalog/problem.h"

namespace forge {

namespace {

constexpr Option options[] = {
    {"--json", "", "print one JSON object"},
    {"--rules", "", "print all rules and exit"},
    {"--help", "", "show this"},
};

int print_rules()
{
    for (const auto& [code, gravity, meaning, hint] : rules())
        std::cout << code << " (" << (gravity == Gravity::warning ? "warning" : "error") << "): " << meaning << "\n    "
                  << hint << '\n';
    return EXIT_SUCCESS;
}

int lint(const Arguments& arguments)
{
    if (arguments.has("--rules"))
        return print_rules();
    arguments.expect_operands(1, 1);
    const auto& root = arguments.operands().front();
    const LintReport report = lint_catalog(root);
    if (arguments.has("--json"))
        std::cout << dump_pretty(to_json(report)) << '\n';
    else
        print(std::cout, report, root);
    return report.errors == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

constexpr Command command = {"", "DIR", "list what is wrong with the templates in a folder", options, lint};

int run(const std::vector<std::string>& words)
{
    const Arguments arguments{options, words};
    if (!arguments.has("--help"))
        return command.run(arguments);
    std::cout << help_of("forge-catalog-lint", command);
    return EXIT_SUCCESS;
}

}

}

int main(int argc, char** argv)
try {
    return forge::run({argv + 1, argv + argc});
} catch (const forge::UsageError& error) {
    std::cerr << "forge-catalog-lint: " << error.what() << '\n';
    return forge::exit_usage;
} catch (const std::exception& error) {
    std::cerr << "forge-catalog-lint: " << forge::describe(error) << '\n';
    return EXIT_FAILURE;
}
