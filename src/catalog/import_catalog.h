// A whole catalog in the dialects of others, rewritten into a folder of its own.
#pragma once

#include "catalog/import.h"
#include "lib/json.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace forge {

struct ImportOptions {
    ImportWishes wishes = {};
    bool replaces = false;   // files that are there
    bool writes = true;      // else it is only said what would be done
};

enum class ImportOutcome {
    written,
    unchanged,   // the file is there, with these bytes
    ours,        // the template is in our format already, and is not copied
    exists,      // a file with other bytes is there
    failed,      // no template of ours can be made of it
};

struct ImportedFile {
    std::string path;                  // below the source's root
    std::string target;                // below the folder that is written to; empty where nothing could be made
    std::string dialect;               // empty where it could not be told
    ImportOutcome outcome = ImportOutcome::failed;
    std::vector<std::string> notes;    // what could not be translated, and what lint says of the result
};

struct ImportReport {
    std::vector<ImportedFile> files;   // by path
    /// Every template of another dialect stands in the folder now, or would.
    bool is_complete() const;
};

/// Throws Error when there is no such folder, when `to` is `root` or stands in it, or cannot be written.
ImportReport import_catalog(const std::string& root, const std::string& to, const ImportOptions& options = {});

void print(std::ostream& out, const ImportReport& report, const std::string& to, bool written);
/// {"ok","files":[{"path","target","dialect","outcome","notes"}]}
Json to_json(const ImportReport& report);

}
