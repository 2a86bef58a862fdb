// All problems of a catalog, its profiles and what a ledger recorded of it.
#include "catalog/lint.h"

#include <algorithm>
#include <ostream>
#include <tuple>

#include "base/error.h"
#include "catalog/check.h"
#include "catalog/index.h"
#include "catalog/lint_cache.h"
#include "catalog/profile_file.h"
#include "catalog/recorded.h"

namespace forge {

namespace {

auto order_of(const Json& problem)
{
    return std::tuple{std::string{problem["file"].as_text()}, problem["line"].as_integer(),
                      problem["column"].as_integer(), std::string{problem["code"].as_text()}};
}

std::string count_of(std::size_t number, const std::string& what)
{
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

// The review's age is judged anew each time, for another day or another limit.
bool depends_on_the_day(const Json& problem)
{
    const auto code = problem["code"].as_text();
    return code == "review_old" || code == "review_future";
}

std::string short_digest(std::string_view digest)
{
    return std::string{digest.substr(0, digest.find(':') + 13)} + "…";
}

class CatalogLint {
public:
    CatalogLint(std::string root, const CatalogIndex& index, const LintOptions& options)
        : root_(std::move(root)), index_(index), options_(options)
    {
    }
    std::vector<Json> check(const LintCache& cache);

private:
    void add(const std::string& folder, const Json& problem)
    {
        const std::string path{problem["path"].as_text()};
        list_.push_back(problem.deep_copy().set("file", path.empty() ? folder : folder + "/" + path));
    }
    void add(const FileRecord& file, FilePlace at, std::string_view pointer, std::string_view code, std::string message);
    void check_file(const FileRecord& file);
    void check_ledger(const std::string& ledger, const LintCache& cache);

    const std::string root_;
    const CatalogIndex& index_;
    const LintOptions& options_;
    std::vector<Json> list_;
};

void CatalogLint::add(const FileRecord& file, FilePlace at, std::string_view pointer, std::string_view code,
                      std::string message)
{
    add(root_, to_json(Problem{std::string{file.path}, {static_cast<int>(at.line), static_cast<int>(at.column)},
                               std::string{pointer}, std::string{code}, std::move(message)}));
}

void CatalogLint::check_file(const FileRecord& file)
{
    if (auto fault = review_fault(file.fact("reviewed"), options_.review_interval))
        add(file, file.reviewed_at, "/reviewed", fault->first, std::move(fault->second));
    if (const auto dialect = file.fact("dialect"); dialect != "forge")
        add(file, {1, 1}, "", "dialect_foreign", "the dialect \"" + std::string{dialect} + "\" of others");
}

void CatalogLint::check_ledger(const std::string& ledger, const LintCache& cache)
{
    RecordedVersions recorded{cache.ledger(ledger)};
    recorded.read(ledger);
    cache.keep_ledger(ledger, recorded.to_json());
    for (const auto& row : index_.files()) {
        const FileRecord file = index_.record(row);
        const auto* const run = file.has_template() ? recorded.other_than(file.id, file.version, file.fact("digest")) : nullptr;
        if (run != nullptr)
            add(file, file.id_at, "/id", "version_recorded",
                std::string{file.id} + "@" + std::string{file.version} + " is " + short_digest(file.fact("digest")) +
                    " here; run " + run->id + " recorded " + short_digest(run->digest));
    }
}

std::vector<Json> CatalogLint::check(const LintCache& cache)
{
    const Json known = parse_json(index_.problems());
    for (const auto& problem : known.items())
        if (!depends_on_the_day(problem))
            add(root_, problem);
    for (const auto& row : index_.files())
        if (const FileRecord file = index_.record(row); file.has_template())
            check_file(file);
    for (const auto& ledger : options_.ledgers)
        check_ledger(ledger, cache);
    for (const auto& folder : options_.profiles)
        for (const auto& problem : lint_profiles(folder, index_))
            add(folder, to_json(problem));
    std::ranges::stable_sort(list_, {}, order_of);
    return std::move(list_);
}

}

LintReport lint_catalog(const std::string& root, const LintOptions& options)
{
    const LintCache cache{options.cache_dir};
    const CatalogIndex previous = cache.catalog(root);
    const auto loaded = load_catalog(root, previous, options.load);
    if (!loaded.walk.root)
        throw Error(root + ": no such folder, or it cannot be read");
    cache.keep_catalog(root, loaded.bytes);
    const CatalogIndex index{loaded.bytes.empty() ? previous.bytes() : std::string_view{loaded.bytes}};
    LintReport report{.problems = Json::array(), .templates = index.size(), .files = loaded.counts.files,
                      .parsed = loaded.counts.parsed};
    for (const auto& problem : CatalogLint{root, index, options}.check(cache)) {
        const auto level = problem["level"].as_text();
        ++(level == "error" ? report.errors : level == "warning" ? report.warnings : report.notes);
        report.problems.append(problem);
    }
    return report;
}

void print(std::ostream& out, const LintReport& report, const Paint& paint)
{
    for (const auto& problem : report.problems.items()) {
        const auto text = [&problem](const char* name) { return problem[name].as_text(); };
        const auto level = text("level");
        out << paint("", text("file")) << ':' << problem["line"].as_integer() << ':' << problem["column"].as_integer()
            << ": " << paint(level, level) << ": " << paint("", text("message")) << " [" << text("code") << "]\n    "
            << text("hint") << '\n';
    }
    out << count_of(report.templates, "template") << " in " << count_of(report.files, "file") << ", "
        << count_of(report.errors, "error") << ", " << count_of(report.warnings, "warning")
        << (report.notes > 0 ? ", " + count_of(report.notes, "note") : "") << '\n';
}

Json to_json(const LintReport& report)
{
    return Json::object({{"ok", report.errors == 0},
                         {"templates", report.templates},
                         {"files", report.files},
                         {"errors", report.errors},
                         {"warnings", report.warnings},
                         {"notes", report.notes},
                         {"problems", report.problems}});
}

}
