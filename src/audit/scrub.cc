// Reads a part of what lies still and compares it with what was signed.
#include "audit/scrub.h"

#include "audit/file_digest.h"
#include "base/clock.h"
#include "base/error.h"
#include "os/file.h"

#include <algorithm>

namespace forge {

namespace {

unsigned part_of_day(const std::string& day)
{
    const auto number = std::chrono::floor<std::chrono::days>(parse_rfc3339(day).value()).time_since_epoch().count();
    return static_cast<unsigned>(number % scrub_parts);
}

void scrub_days(const LedgerView& ledger, std::optional<unsigned> part, ScrubReport& report)
{
    for (const LedgerDay& day : ledger_days(ledger.root).days) {
        if (day.form == DayForm::quarantined || (part && part_of_day(day.day) != *part))
            continue;
        const auto note = note_of_day(ledger, day.day);
        if (!note)
            continue;   // not sealed yet
        const std::string file = file_of(day), path = ledger.root + "/" + file;
        drop_from_cache(path);
        const FileDigest digest = day.form == DayForm::archived ? expanded_digest(path) : file_digest(path);
        ++report.files;
        report.bytes += digest.bytes;
        if (digest.sha256 != note->sha256)
            report.findings.add(FlawKind::contradiction, file, 0, "not what was sealed: see forge-ledger-quarantine(8)");
    }
}

// The tiles of level 0 that are full, each by way of those above it.
void scrub_tiles(const LedgerView& ledger, std::optional<unsigned> part, ScrubReport& report)
{
    AuthenticLeaves leaves{ledger};
    for (std::uint64_t index = 0; index < ledger.checkpoint.size / tile_width; ++index) {
        if (part && index % scrub_parts != *part)
            continue;
        const std::string file = TileFolder::file_of({TileKind::hashes, 0, index});
        if (exists(ledger.root + "/" + file))
            drop_from_cache(ledger.root + "/" + file);
        ++report.tiles;
        report.bytes += tile_width * sizeof(Hash);
        if (!leaves.at(index * tile_width))
            report.findings.add(FlawKind::contradiction, leaves.wrong_tile().empty() ? file : leaves.wrong_tile(), 0,
                                "missing or changed: seq " + std::to_string(index * tile_width) + " to "
                                    + std::to_string((index + 1) * tile_width - 1) + " cannot be proven by it");
    }
    if (ledger.checkpoint.size > 0 && !leaves.at(ledger.checkpoint.size - 1) && report.findings.total() == 0)
        report.findings.add(FlawKind::contradiction, leaves.wrong_tile(), 0, "missing or changed");
}

}

ScrubReport scrub_ledger(const LedgerView& ledger, std::optional<unsigned> part)
{
    ScrubReport report;
    scrub_days(ledger, part, report);
    scrub_tiles(ledger, part, report);
    return report;
}

unsigned part_of_today()
{
    return part_of_day(utc_day(wall_now()));
}

}
