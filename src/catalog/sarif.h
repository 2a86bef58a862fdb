// What lint found in the form that code hosts read: SARIF 2.1.0 (OASIS).
#pragma once

#include "catalog/lint.h"
#include "lib/json.h"

namespace forge {

/// One run with all rules.  Files below the folder where the program runs are relative to it, as code hosts want them,
/// others are file: addresses; columns count characters, as SARIF does.
Json to_sarif(const LintReport& report);

}
