// Catalogs in scratch folders, for tests.
#pragma once

#include "catalog/catalog.h"
#include "catalog/load.h"
#include "os/file.h"
#include "tests/unit/test.h"

#include <string>

namespace forge::test {

/// A small template in our format, without any problem.
inline std::string template_text(const std::string& id, const std::string& version = "1.0.0",
                                 const std::string& title = "A title")
{
    return "forge: 1\nid: " + id + "\nversion: " + version + "\ntitle: " + title +
           "\npurpose: Says what it was told.\nowner: team@example.org\nreviewed: 2026-11-01\ntags: [test, " + id +
           "]\nrisk: read-only\n"
           "inputs:\n  type: object\n  required: [message]\n  properties:\n    message: {type: string, maxLength: 100}\n"
           "prompts:\n  system: Answer shortly.\n  user: |\n    Say {{message}}\n"
           "output: {schema: {type: object, required: [said], properties: {said: {type: string}}}}\n"
           "guards: {input: [secrets], output: [secrets], mode: redact}\n"
           "examples:\n  - args: {message: hello}\n    output: {said: hello}\n";
}

/// A catalog's root beside its cache folder.
class ScratchCatalog : public ScratchFolder {
public:
    ScratchCatalog()
    {
        make_folders(root());
        make_folders(cache());
    }
    std::string root() const { return *this / "catalog"; }
    std::string cache() const { return *this / "cache"; }

    void write(const std::string& path, const std::string& text) const
    {
        make_folders(folder_of(root() + "/" + path));
        replace_file(root() + "/" + path, text);
    }

    /// Reads the catalog, puts the index in its place and maps it.
    CatalogIndex index(const CatalogIndex& previous = {}) const
    {
        counts = {};
        auto loaded = load_catalog(root(), previous);
        counts = loaded.counts;
        if (!loaded.bytes.empty())
            replace_file(index_path(cache()), loaded.bytes);
        return CatalogIndex::map(index_path(cache()));
    }

    mutable LoadCounts counts;   // of the last index()
};

/// The codes of all problems, in their order, each followed by its path, line and column: "duplicate a.yaml:2:1".
inline std::vector<std::string> problem_places(const Json& problems)
{
    std::vector<std::string> list;
    for (const auto& problem : problems.items())
        list.push_back(std::string{problem["code"].as_text()} + " " + std::string{problem["path"].as_text()} + ":" +
                       dump(problem["line"]) + ":" + dump(problem["column"]));
    return list;
}

}
