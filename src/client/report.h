// A run's answer, printed for people.
#pragma once

#include <iosfwd>

#include "lib/json.h"

namespace forge {

/// Findings with place, reason and remedy where the output has them, else the output as it is; then what the ledger says.
void print_run(std::ostream& out, const std::string& name, const Json& answer);

/// A table with aligned columns, the last one free; two blanks between them.
void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows);

}
