// All problems of a catalog, for people and for programs.
#pragma once

#include "catalog/problem.h"
#include "lib/json.h"

#include <iosfwd>
#include <string>

namespace forge {

struct LintReport {
    Json problems;                // [{path,line,column,pointer,code,level,message,hint}], by path, line and column
    std::size_t templates = 0;    // that are served
    std::size_t files = 0;
    std::size_t errors = 0;
    std::size_t warnings = 0;
};

/// Reads the whole catalog.  Throws Error when there is no such folder.
LintReport lint_catalog(const std::string& root);

/// One line a problem with its file below `root`, its hint below it, and a line of counts.
void print(std::ostream& out, const LintReport& report, const std::string& root);
/// {"ok","templates","files","errors","warnings","problems"}
Json to_json(const LintReport& report);

}
