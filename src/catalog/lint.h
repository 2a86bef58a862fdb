// All problems of a catalog, its profiles and what a ledger recorded of it; for people and for programs.
#pragma once

#include "catalog/load.h"
#include "catalog/problem.h"
#include "lib/json.h"

#include <chrono>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

struct LintOptions {
    std::string cache_dir = {};                     // where what was read is kept for the next time; empty: nowhere
    std::vector<std::string> ledgers = {};          // folders of ledgers whose runs fix the bytes of a version
    std::vector<std::string> profiles = {};         // folders of profiles
    std::chrono::days review_interval{366};
    LoadOptions load = {};
};

struct LintReport {
    Json problems;                // [{path,line,column,pointer,code,level,message,hint,file}], by file, line and column;
                                  // "file" is the path from where the program was called
    std::size_t templates = 0;    // that are served
    std::size_t files = 0;
    std::size_t errors = 0;
    std::size_t warnings = 0;
    std::size_t notes = 0;
    std::size_t parsed = 0;       // files; the others were known
};

/// Reads the whole catalog.  Throws Error when there is no such folder, or a ledger cannot be read.
LintReport lint_catalog(const std::string& root, const LintOptions& options = {});

/// How a part of a line is shown: by "error", "warning" or "note".
using Paint = std::function<std::string(std::string_view level, std::string_view text)>;
/// One line a problem, its hint below it, and a line of counts.
void print(std::ostream& out, const LintReport& report, const Paint& paint);
/// {"ok","templates","files","errors","warnings","notes","problems"}
Json to_json(const LintReport& report);

}
