// Moves a damaged file of lines out of the way, with a report.
#pragma once

#include "audit/damage.h"

#include <string>

namespace forge {

enum class Original { moved, kept };   // kept: forge-ledgerd writes it; a copy goes to quarantine

struct Quarantined {
    std::string folder;   // below the root
    Original original;
};

/// The damaged file goes to quarantine/UTC-damaged-DAY/ with report.json.  Nothing is deleted, ever.
/// Durable when it returns.  Throws SystemError, and Error when there is no file.
Quarantined quarantine_day(const std::string& root, const DayDamage& damage, Original original);

/// The files in quarantine that were a day's, newest first.
std::vector<std::string> quarantined_files(const std::string& root, const std::string& day);

/// Gives a file the owner of the ledger's folder where root works for another; a mode; all durable.
void settle_file(int fd, const std::string& root, const std::string& name, unsigned mode);

}
