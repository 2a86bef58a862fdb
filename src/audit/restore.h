// Puts back the lines of damaged or missing days from any sources.
#pragma once

#include "audit/damage.h"
#include "ledger/known_tree.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace forge {

struct RestoreOptions {
    std::string root;
    std::optional<std::string> vkey{};
    std::string socket{};                  // of forge-ledgerd, for the entry ledger.restored
    std::vector<std::string> from{};       // files, folders, web addresses; what is in quarantine is always looked at first
    std::vector<std::string> days{};       // none: all that are not whole
    bool is_dry = false;
    AskKnown known{};                      // asked where forge-ledgerd does not run
};

struct RestoredDay {
    enum class Outcome { whole, restorable, restored, incomplete };

    DayDamage damage;
    Outcome outcome = Outcome::whole;
    std::vector<std::pair<std::string, std::vector<SeqRange>>> sources{};
    std::vector<SeqRange> missing{};       // no source has them
    std::vector<std::string> troubles{};   // of servers that failed before they had given all
    std::string folder{};                  // in quarantine, where the damaged file is now
};

/// Each line is taken when its hash is the signed one; a sealed day's file when it has the sealed digest too.
/// Writes nothing for a day of which lines are missing.  Throws Error, LedgerRolledBack.
std::vector<RestoredDay> restore_ledger(const RestoreOptions& options);

}
