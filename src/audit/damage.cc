// Which lines of a day's file are not those that were signed.
#include "audit/damage.h"

#include <set>

#include "audit/day_lines.h"
#include "audit/file_digest.h"
#include "audit/line_source.h"
#include "base/error.h"
#include "os/file.h"

namespace forge {

namespace {

bool has_all_lines(const std::string& path, SeqRange range, AuthenticLeaves& leaves)
try {
    std::uint64_t seq = range.begin;
    bool is_right = true;
    read_lines_of_file(path, [&](std::string_view line) {
        if (seq < range.end)
            is_right = is_right && leaves.at(seq) == leaf_hash(line);
        ++seq;
    });
    return is_right && seq >= range.end;
} catch (const SystemError&) {
    throw;
} catch (const Error&) {
    return false;   // an archive without its table
}

void find_bad_lines(DayDamage& damage, AuthenticLeaves& leaves, const std::string& root)
{
    DayLines lines{damage.range, leaves, root};
    lines.begin_source(damage.file);
    try {
        read_lines_of_file(root + "/" + damage.file, [&](std::string_view line) { lines.add(line); });
    } catch (const SystemError&) {
        throw;
    } catch (const Error&) {
        damage.reason = "no archive that can be read";
    }
    lines.settle();
    damage.bad = lines.missing();
}

}

DayDamage examine_day(const LedgerView& ledger, AuthenticLeaves& leaves, const std::string& day)
{
    DayDamage damage{.day = day, .range = lines_of_day(ledger, day)};
    const auto note = note_of_day(ledger, day);
    damage.is_sealed = note.has_value();
    for (const auto& file : {shard_file(day), archive_file(day)})
        if (damage.file.empty() && exists(ledger.root + "/" + file))
            damage.file = file;
    if (damage.file.empty()) {
        damage.reason = "missing";
        damage.bad = {damage.range};
        return damage;
    }
    const std::string path = ledger.root + "/" + damage.file;
    const FileDigest digest = file_digest(path);
    const FileDigest content = damage.file.ends_with(".zst") ? expanded_digest(path) : digest;
    damage.bytes = digest.bytes;
    damage.sha256 = digest.sha256;
    const bool is_as_sealed = note && content.sha256 == note->sha256;
    if (is_as_sealed || (!note && has_all_lines(path, damage.range, leaves)))
        return damage;
    find_bad_lines(damage, leaves, ledger.root);
    if (!damage.bad.empty())
        damage.reason = "lines are missing or changed";
    else if (damage.reason.empty())
        damage.reason = "its bytes are not those that were sealed, its lines are";
    return damage;
}

std::vector<std::string> all_days(const std::string& root)
{
    std::set<std::string> days;
    for (const LedgerDay& day : ledger_days(root).days)
        days.insert(day.day);
    if (exists(root + "/days"))
        for (const auto& name : names_in(root + "/days"))
            if (name.ends_with(".note") && day_of_shard("events-" + name.substr(0, name.size() - 5) + ".jsonl"))
                days.insert(name.substr(0, name.size() - 5));
    return {days.begin(), days.end()};
}

std::string text_of(const std::vector<SeqRange>& ranges)
{
    std::string text;
    for (const SeqRange& range : ranges)
        text += (text.empty() ? "" : ",") + std::to_string(range.begin)
                + (range.size() > 1 ? "-" + std::to_string(range.end - 1) : "");
    return text;
}

}
