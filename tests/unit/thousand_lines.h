// A ledger of a thousand lines for the tests of what is done to it, and what a verification of it says.
#pragma once

#include "tests/unit/ledger_sample.h"
#include "tests/unit/test.h"

#include "audit/verify.h"

#include <string>
#include <vector>

namespace forge::test {

/// 1,000 lines over three days, most of them short: three full tiles, partial ones of two earlier checkpoints, and a tile of
/// level 1.
class ThousandLines {
public:
    ThousandLines();

    std::string path(const std::string& file) const { return folder.path() + "/" + file; }
    /// By one thread, without waiting for a writer.
    VerifyReport verified() const { return verify_ledger({.root = folder.path(), .patience = Millis{0}}); }
    /// All that a verification compares, below the root: not what is derived, nor what is the writer's alone.
    std::vector<std::string> files() const;

    ScratchFolder folder;
    LedgerSample sample{folder.path()};
};

/// The exit code, and each finding in a line.
std::string text_of(const VerifyReport& report);
/// Exit code 2, and at "file:line" a reason that begins so.
void must_find(const VerifyReport& report, const std::string& place, const std::string& reason);
/// Exit code 0.
void must_pass(const VerifyReport& report);

}
