// A whole catalog in the dialects of others, rewritten into a folder of its own.
#include "catalog/import_catalog.h"

#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "base/error.h"
#include "catalog/read_template.h"
#include "catalog/walk.h"
#include "catalog/yaml_text.h"
#include "os/beneath.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::string_view outcome_words[] = {"written", "unchanged", "ours", "exists", "failed"};

std::string_view word_of(ImportOutcome outcome)
{
    return outcome_words[static_cast<std::size_t>(outcome)];
}

std::string as_yaml(const std::string& path)
{
    return path.substr(0, path.rfind('.')) + ".yaml";
}

std::string place_of(const Problem& problem)
{
    return "lint, line " + std::to_string(problem.at.line) + ": " + problem.message + " [" + problem.code + "]";
}

std::string text_of(const ImportedTemplate& imported, const ImportedFile& file)
{
    const auto head = "# Imported from " + file.path + " (dialect " + file.dialect + ") by forge-catalog-import.\n";
    const auto text = yaml_text(imported.value);
    try {
        if (parse_yaml(text).value() == imported.value)
            return head + text;
    } catch (const YamlError&) {   // JSON is YAML too
    }
    return head + dump_pretty(imported.value) + "\n";
}

void check_folders(const std::string& root, const std::string& to)
{
    const auto from = std::filesystem::weakly_canonical(root).lexically_normal().string();
    const auto target = std::filesystem::weakly_canonical(to).lexically_normal().string();
    if (target == from || target.starts_with(from + "/"))
        throw Error(to + ": the imported templates need a folder outside of " + root);
}

class CatalogImport {
public:
    CatalogImport(const std::string& root, std::string to, const ImportOptions& options)
        : schemas_(root), to_(std::move(to)), options_(options)
    {
    }
    ImportedFile import(const Fd& root, const std::string& path);

private:
    void rewrite(ImportedFile& file, const CatalogTemplate& source);
    ImportOutcome put(const std::string& target, const std::string& text) const;

    SchemaFiles schemas_;
    const std::string to_;
    const ImportOptions& options_;
};

ImportedFile CatalogImport::import(const Fd& root, const std::string& path)
{
    ImportedFile file{.path = path, .target = {}, .dialect = {}, .notes = {}};
    const Fd fd = open_beneath(root.get(), path, O_RDONLY | O_NONBLOCK, Links::inside);
    if (!fd)
        throw errno_error("open " + path);
    const auto read = read_template(path, read_rest(fd.get(), path, YamlLimits{}.bytes), schemas_);
    if (read.value)
        file.dialect = forge::word_of(dialects, read.value->dialect);
    if (read.value && read.value->dialect == Dialect::forge) {
        file.outcome = ImportOutcome::ours;
    } else if (read.value && read.value->usable) {
        rewrite(file, *read.value);
    } else {
        for (const auto& problem : read.problems)
            file.notes.push_back(place_of(problem));
    }
    return file;
}

void CatalogImport::rewrite(ImportedFile& file, const CatalogTemplate& source)
{
    const auto imported = import_template(source, options_.wishes);
    file.notes = imported.notes;
    const auto text = text_of(imported, file);
    const auto result = read_template(as_yaml(file.path), text, schemas_);
    if (!result.value || !result.value->usable)
        file.notes.emplace_back("the result could not run");
    else if (const auto difference = difference_in_prompts(source, *result.value); !difference.empty())
        file.notes.push_back(difference);
    else
        file.target = as_yaml(file.path);
    for (const auto& problem : result.problems)
        file.notes.push_back(place_of(problem));
    if (!file.target.empty())
        file.outcome = put(to_ + "/" + file.target, text);
}

ImportOutcome CatalogImport::put(const std::string& target, const std::string& text) const
{
    const bool is_there = kind_of(target) != FileKind::none;
    if (is_there && kind_of(target) == FileKind::regular && read_file(target) == text)
        return ImportOutcome::unchanged;
    if (is_there && !options_.replaces)
        return ImportOutcome::exists;
    if (!options_.writes)
        return ImportOutcome::written;
    make_folders(folder_of(target));
    if (options_.replaces)
        replace_file(target, text);
    else if (!add_file(target, text))
        return ImportOutcome::exists;
    return ImportOutcome::written;
}

}

bool ImportReport::is_complete() const
{
    return std::ranges::none_of(files, [](const ImportedFile& file) {
        return file.outcome == ImportOutcome::exists || file.outcome == ImportOutcome::failed;
    });
}

ImportReport import_catalog(const std::string& root, const std::string& to, const ImportOptions& options)
{
    const auto walk = walk_catalog(root);
    if (!walk.root)
        throw Error(root + ": no such folder, or it cannot be read");
    check_folders(root, to);
    CatalogImport import{root, to, options};
    ImportReport report;
    for (const auto& problem : walk.problems)
        report.files.push_back({.path = problem.path, .target = {}, .dialect = {}, .notes = {problem.message}});
    for (const auto& each : walk.files) {
        try {
            report.files.push_back(import.import(walk.root, each.path));
        } catch (const SystemError& error) {
            if (error.code == ENOSPC || error.code == EROFS || error.code == EACCES)
                throw;   // the next one would fare no better
            report.files.push_back({.path = each.path, .target = {}, .dialect = {}, .notes = {error.what()}});
        } catch (const Error& error) {
            report.files.push_back({.path = each.path, .target = {}, .dialect = {}, .notes = {error.what()}});
        }
    }
    std::ranges::sort(report.files, {}, &ImportedFile::path);
    return report;
}

void print(std::ostream& out, const ImportReport& report, const std::string& to, bool written)
{
    std::size_t counts[std::size(outcome_words)]{};
    for (const auto& file : report.files) {
        ++counts[static_cast<std::size_t>(file.outcome)];
        if (file.outcome == ImportOutcome::ours)
            continue;
        out << file.path << ": ";
        if (file.outcome == ImportOutcome::failed)
            out << "not imported\n";
        else if (file.outcome == ImportOutcome::exists)
            out << to << '/' << file.target << " is there already, with other bytes; --force replaces it\n";
        else
            out << to << '/' << file.target << (file.outcome == ImportOutcome::unchanged ? " is there already" : "") << '\n';
        for (const auto& note : file.notes)
            out << "    " << note << '\n';
    }
    const auto count = [&](ImportOutcome outcome) { return counts[static_cast<std::size_t>(outcome)]; };
    out << count(ImportOutcome::written) << (written ? " written, " : " to be written, ") << count(ImportOutcome::unchanged)
        << " there already, " << count(ImportOutcome::ours) << " in our format already, "
        << count(ImportOutcome::exists) + count(ImportOutcome::failed) << " not imported\n";
}

Json to_json(const ImportReport& report)
{
    Json files = Json::array();
    for (const auto& file : report.files) {
        Json notes = Json::array();
        for (const auto& note : file.notes)
            notes.append(note);
        files.append(Json::object({{"path", file.path},
                                   {"target", file.target},
                                   {"dialect", file.dialect},
                                   {"outcome", word_of(file.outcome)},
                                   {"notes", notes}}));
    }
    return Json::object({{"ok", report.is_complete()}, {"files", files}});
}

}
