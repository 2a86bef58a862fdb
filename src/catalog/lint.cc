// All problems of a catalog.
#include "catalog/lint.h"

#include <algorithm>
#include <ostream>
#include <tuple>

#include "base/error.h"
#include "catalog/index.h"
#include "catalog/load.h"

namespace forge {

namespace {

auto order_of(const Json& problem)
{
    return std::tuple{std::string{problem["path"].as_text()}, problem["line"].as_integer(),
                      problem["column"].as_integer(), std::string{problem["code"].as_text()}};
}

std::string count_of(std::size_t number, const std::string& what)
{
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

}

LintReport lint_catalog(const std::string& root)
{
    const auto loaded = load_catalog(root, {});
    if (!loaded.walk.root)
        throw Error(root + ": no such folder, or it cannot be read");
    const CatalogIndex index{loaded.bytes};
    LintReport report{Json::array(), index.size(), loaded.counts.files, 0, 0};
    auto problems = parse_json(index.problems()).items();
    std::ranges::stable_sort(problems, {}, order_of);
    for (const auto& problem : problems) {
        ++(problem["level"].as_text() == "warning" ? report.warnings : report.errors);
        report.problems.append(problem);
    }
    return report;
}

void print(std::ostream& out, const LintReport& report, const std::string& root)
{
    for (const auto& problem : report.problems.items()) {
        const auto text = [&problem](const char* name) { return problem[name].as_text(); };
        out << root << '/' << text("path") << ':' << problem["line"].as_integer() << ':'
            << problem["column"].as_integer() << ": " << text("level") << ": " << text("message") << " ["
            << text("code") << "]\n    " << text("hint") << '\n';
    }
    out << count_of(report.templates, "template") << " in " << count_of(report.files, "file") << ", "
        << count_of(report.errors, "error") << ", " << count_of(report.warnings, "warning") << '\n';
}

Json to_json(const LintReport& report)
{
    return Json::object({{"ok", report.errors == 0},
                         {"templates", report.templates},
                         {"files", report.files},
                         {"errors", report.errors},
                         {"warnings", report.warnings},
                         {"problems", report.problems}});
}

}
