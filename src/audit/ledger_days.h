// The days of a ledger, and in what form each one's lines are there.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace forge {

enum class DayForm {
    plain,         // events-D.jsonl
    archived,      // archive/YYYY/events-D.jsonl.zst alone
    quarantined,   // neither; a report in quarantine/ names it
};

struct LedgerDay {
    std::string day;   // "2026-11-23"
    DayForm form = DayForm::plain;

    bool operator==(const LedgerDay&) const = default;
};

/// "events-2026-11-23.jsonl", "archive/2026/events-2026-11-23.jsonl.zst": below the root.
std::string shard_file(const std::string& day);
std::string archive_file(const std::string& day);
/// The day of a shard's name, or nothing.
std::optional<std::string> day_of_shard(const std::string& name);

struct LedgerDays {
    std::vector<LedgerDay> days;             // in order
    std::vector<std::string> wrong_names;    // "events-…" that are no shard's
};

/// Throws SystemError.
LedgerDays ledger_days(const std::string& root);

/// The file that holds a day's lines; not for a quarantined one.
std::string file_of(const LedgerDay& day);

}
