// forge-catalog-lint: says what is wrong with the templates of a catalog.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/options.h"
#include "catalog/lint.h"
#include "catalog/lint_cache.h"
#include "catalog/problem.h"
#include "catalog/sarif.h"
#include "client/terminal.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr Option options[] = {
    {"--json", "", "print one JSON object"},
    {"--sarif", "", "print SARIF 2.1.0, for code hosts"},
    {"--ledger", "DIR", "compare with the versions that runs in this ledger recorded; may be given again"},
    {"--profiles", "DIR", "the folder of profiles; default: profiles in the catalog, where there is one"},
    {"--review-days", "N", "the age from which a review is too old; default: 366"},
    {"--strict", "", "warnings count as errors"},
    {"--no-cache", "", "read everything anew and keep nothing"},
    {"--rules", "", "print all rules and exit"},
    {"--help", "", "show this"},
};

constexpr unsigned most_threads = 8;
constexpr long longest_interval = 36'500;

int print_rules()
{
    for (const auto& [code, gravity, meaning, hint] : rules())
        std::cout << code << " (" << level_of(gravity) << "): " << meaning << "\n    " << hint << '\n';
    return EXIT_SUCCESS;
}

std::string painted(std::string_view level, std::string_view text)
{
    const Tone tone = level == "error" ? Tone::red : level == "warning" ? Tone::yellow : level == "note" ? Tone::dim : Tone::plain;
    return toned(tone, shown(text));
}

std::string without_last_slash(std::string folder)
{
    while (folder.size() > 1 && folder.ends_with('/'))
        folder.pop_back();
    return folder;
}

std::vector<std::string> profile_folders(const Arguments& arguments, const std::string& root)
{
    auto folders = arguments.values("--profiles");
    for (const auto& folder : folders)
        if (!exists(folder))
            throw Error(folder + ": no such folder");
    if (folders.empty() && exists(root + "/profiles"))
        folders.push_back(root + "/profiles");
    return folders;
}

LintReport report_of(const Arguments& arguments, const std::string& root)
{
    Progress progress{"reading the catalog"};
    const auto show = [&progress](std::size_t done, std::size_t total) {
        progress.update(std::to_string(done) + " of " + std::to_string(total) + " files");
    };
    return lint_catalog(root, {.cache_dir = arguments.has("--no-cache") ? "" : LintCache::folder_of_user(),
                               .ledgers = arguments.values("--ledger"),
                               .profiles = profile_folders(arguments, root),
                               .review_interval = std::chrono::days{arguments.number("--review-days", 366, 1, longest_interval)},
                               .load = {.threads = std::clamp(std::thread::hardware_concurrency(), 1U, most_threads),
                                        .progress = show}});
}

int lint(const Arguments& arguments)
{
    if (arguments.has("--rules"))
        return print_rules();
    arguments.expect_operands(1, 1);
    if (arguments.has("--json") && arguments.has("--sarif"))
        throw UsageError("--json and --sarif are two forms of the same findings");
    const LintReport report = report_of(arguments, without_last_slash(arguments.operands().front()));
    if (arguments.has("--json"))
        std::cout << dump_pretty(to_json(report)) << '\n';
    else if (arguments.has("--sarif"))
        std::cout << dump_pretty(to_sarif(report)) << '\n';
    else
        print(std::cout, report, painted);
    std::cout.flush();
    const bool is_good = report.errors == 0 && (report.warnings == 0 || !arguments.has("--strict"));
    return is_good && std::cout ? EXIT_SUCCESS : EXIT_FAILURE;
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
