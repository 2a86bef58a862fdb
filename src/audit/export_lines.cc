// Lines and proofs taken out of a ledger.
#include "audit/export_lines.h"

#include "audit/line_source.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "ledger/entry.h"
#include "ledger/public_log.h"
#include "os/file.h"

#include <algorithm>

namespace forge {

namespace {

// Of an entry: without the Z, which is more than a digit.
std::string_view time_of(const EntryView& entry)
{
    return entry.ts.substr(0, entry.ts.size() - 1);
}

bool passes(const LineFilter& filter, std::string_view line)
{
    if (filter.type.empty() && filter.id.empty() && filter.since.empty() && filter.until.empty())
        return true;
    const auto entry = parse_entry(line);
    return entry && entry->type.starts_with(filter.type) && (filter.id.empty() || entry->id == filter.id)
           && (filter.since.empty() || time_of(*entry) >= filter.since) && (filter.until.empty() || time_of(*entry) < filter.until);
}

std::string csv_field(std::string_view text)
{
    return '"' + replace_all(std::string{text}, "\"", "\"\"") + '"';
}

class StaticLog {
public:
    StaticLog(const LedgerView& ledger, std::string folder)
        : log_(ledger.root), tree_(log_.newest().value()), folder_(std::move(folder))
    {
        if (ledger.keys.open_checkpoint(tree_.note).size < ledger.checkpoint.size)
            throw Error("the checkpoint went back meanwhile");
    }

    std::uint64_t run()
    {
        const std::uint64_t size = tree_.checkpoint.size;
        for (unsigned level = 0; level < tile_levels; ++level)
            for (std::uint64_t index = 0; tile_width_in(size, level, index) > 0; ++index) {
                const unsigned width = tile_width_in(size, level, index);
                put({TileKind::hashes, level, index, width});
                if (level == 0)
                    put({TileKind::entries, 0, index, width});
            }
        write_file_durably(folder_ + "/checkpoint", tree_.note);
        return files_ + 1;
    }

private:
    void put(const Tile& tile)
    {
        const auto bytes = log_.tile(tile, tree_.checkpoint.size);
        if (!bytes)
            throw Error(TileFolder::file_of(tile) + " is not to be had");
        const std::string path = folder_ + "/" + TileFolder::file_of(tile);
        make_folders(folder_of(path));
        replace_file(path, *bytes);
        ++files_;
    }

    const PublicLog log_;
    const PublishedTree tree_;
    const std::string folder_;
    std::uint64_t files_ = 0;
};

}

std::optional<std::string> time_beginning(std::string_view text)
{
    constexpr std::string_view earliest = "0000-01-01T00:00:00";
    constexpr std::size_t parts[] = {4, 7, 10, 13, 16, earliest.size()};
    const bool is_whole = text.size() > earliest.size();
    if (text.find('t') != text.npos || (is_whole ? !text.ends_with('Z') : std::ranges::find(parts, text.size()) == std::end(parts)))
        return std::nullopt;
    if (!parse_rfc3339(std::string{text} + (is_whole ? "" : std::string{earliest.substr(text.size())} + "Z")))
        return std::nullopt;
    std::string time{text};
    if (is_whole)
        time.pop_back();
    if (time.size() > earliest.size())   // "10:00:00.50" is not before "10:00:00.500000"
        time.resize(time.find_last_not_of('0') + 1);
    return time;
}

void for_each_line(const LedgerView& ledger, const LineFilter& filter,
                   const std::function<void(std::uint64_t seq, std::string_view line)>& on_line)
{
    AuthenticLeaves leaves{ledger};
    for (const LedgerDay& day : ledger_days(ledger.root).days) {
        const SeqRange range = lines_of_day(ledger, day.day);
        if (day.form == DayForm::quarantined || range.end <= filter.first || range.begin >= filter.end)
            continue;
        std::uint64_t seq = range.begin;
        read_lines_of_file(ledger.root + "/" + file_of(day), [&](std::string_view line) {
            const std::uint64_t now = seq++;
            if (now >= range.end || now < filter.first || now >= filter.end)
                return;
            if (leaves.at(now) != leaf_hash(line))
                throw Error(file_of(day) + ": seq " + std::to_string(now)
                            + " is not as it was signed: see forge-ledger-verify(8)");
            if (passes(filter, line))
                on_line(now, line);
        });
        if (seq < range.end && seq < filter.end)
            throw Error(file_of(day) + ": seq " + std::to_string(seq) + " is missing: see forge-ledger-verify(8)");
    }
}

std::string csv_header()
{
    return "seq,ts,type,actor,id,event,leaf";
}

std::string csv_row(std::string_view line)
{
    const auto entry = parse_entry(line);
    if (!entry)
        return "";
    return std::to_string(entry->seq) + "," + std::string{entry->ts} + "," + std::string{entry->type} + ","
           + csv_field(entry->actor) + "," + std::string{entry->id} + "," + csv_field(entry->event) + ","
           + hex(leaf_hash(line));
}

std::uint64_t export_tiles(const LedgerView& ledger, const std::string& folder)
{
    if (!names_in(folder).empty())
        throw Error(folder + " is not empty");
    return StaticLog{ledger, folder}.run();
}

}
