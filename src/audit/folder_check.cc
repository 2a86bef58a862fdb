// What a ledger's folder may hold.
#include "audit/folder_check.h"

#include "audit/ledger_days.h"
#include "base/error.h"
#include "os/file.h"
#include "tlog/tile_folder.h"

#include <algorithm>
#include <cerrno>
#include <optional>

namespace forge {

namespace {

constexpr std::string_view temporary = ".tmp-";   // of a writer, or left by a crash
constexpr std::size_t ahead_limit = 10'000;
constexpr unsigned index_depth = 6;               // folders of three digits above a tile

enum class Inside { named, anything };

struct Allowed {
    std::string_view folder;   // a pattern; "" is the root
    std::string_view name;     // {day}, {month} and {year} stand for digits
    FileKind kind;
    Inside inside = Inside::named;
};

// All that a ledger's folder may hold.  Below tile/ the names are those of tlog-tiles.
constexpr Allowed table[] = {
    {"", "events-{day}.jsonl", FileKind::regular},
    {"", "checkpoint", FileKind::regular},
    {"", "checkpoint.cosigned", FileKind::regular},
    {"", "FROZEN", FileKind::regular},
    {"", "manifest.sha256", FileKind::regular},   // these three: of a backup
    {"", "manifest.note", FileKind::regular},
    {"", "manifest.vkey", FileKind::regular},
    {"", "checkpoints", FileKind::folder},
    {"checkpoints", "{day}.notes", FileKind::regular},
    {"", "days", FileKind::folder},
    {"days", "{day}.note", FileKind::regular},
    {"days", "{day}.tsr", FileKind::regular},     // an RFC 3161 token over the note, which an operator may put there
    {"", "keys", FileKind::folder},
    {"keys", "log.vkey", FileKind::regular},
    {"keys", "log.vkeys", FileKind::regular},
    {"", "tile", FileKind::folder},
    {"", "index", FileKind::folder},
    {"index", "off.u64", FileKind::regular},
    {"index", "ids.u64", FileKind::regular},
    {"index", "private.u64", FileKind::regular},
    {"index", "events.idx", FileKind::regular},
    {"index", "names.idx", FileKind::regular},
    {"", "private", FileKind::folder},
    {"private", "{day}.jsonl", FileKind::regular},
    {"private", "keys", FileKind::folder},
    {"private/keys", "{month}.jsonl", FileKind::regular},
    {"", "archive", FileKind::folder},
    {"archive", "{year}", FileKind::folder},
    {"archive/{year}", "events-{day}.jsonl.zst", FileKind::regular},
    {"", "quarantine", FileKind::folder, Inside::anything},
    {"", "state", FileKind::folder, Inside::anything},
    {"", "lost+found", FileKind::folder, Inside::anything},   // where the ledger has a file system of its own
};

std::string joined(const std::string& folder, std::string_view name)
{
    return folder.empty() ? std::string{name} : folder + "/" + std::string{name};
}

// What stands for the part in braces; the name itself where there is none.
std::optional<std::string> match(std::string_view pattern, const std::string& name)
{
    const auto open = pattern.find('{'), close = pattern.find('}');
    if (open == pattern.npos)
        return name == pattern ? std::optional{name} : std::nullopt;
    const std::string_view begin = pattern.substr(0, open), end = pattern.substr(close + 1);
    if (name.size() < begin.size() + end.size() || !name.starts_with(begin) || !name.ends_with(end))
        return std::nullopt;
    const std::string part = name.substr(begin.size(), name.size() - begin.size() - end.size());
    const std::string_view what = pattern.substr(open, close + 1 - open);
    const std::string day = part + (what == "{month}" ? "-01" : what == "{year}" ? "-01-01" : "");
    return day_of_shard(shard_file(day)) ? std::optional{part} : std::nullopt;
}

std::string_view word_for(FileKind kind)
{
    switch (kind) {
    case FileKind::regular: return "a file";
    case FileKind::folder: return "a folder";
    case FileKind::link: return "a symbolic link";
    default: return "neither file nor folder";
    }
}

bool has_three_digits(std::string_view text)
{
    return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}

bool has_folders(const std::string& root, Flaws& findings)
{
    bool all = true;
    for (const Allowed& allowed : table) {
        if (allowed.kind != FileKind::folder || allowed.name.starts_with('{') || allowed.folder == "private")
            continue;
        const FileKind kind = kind_of(joined(root, allowed.name));
        if (kind == FileKind::folder || kind == FileKind::none)
            continue;
        findings.add(FlawKind::contradiction, std::string{allowed.name}, 0,
                     std::string{word_for(kind)} + " in the place of a folder");
        all = false;
    }
    return all;
}

FolderCheck::FolderCheck(std::string root, std::uint64_t covered, Flaws& findings)
    : root_(std::move(root)), covered_(covered), findings_(findings)
{
    look_in("", "");
}

void FolderCheck::found(const std::string& file, const std::string& reason)
{
    findings_.add(FlawKind::contradiction, file, 0, reason);
}

// What went meanwhile is passed over.
template <class Look>
void FolderCheck::each_name_of(const std::string& folder, Look look)
try {
    each_name(joined(root_, folder), [&](const std::string& name) {
        if (!name.starts_with(temporary) || kind_of(joined(root_, joined(folder, name))) == FileKind::folder)
            look(name);
    });
} catch (const SystemError& error) {
    if (error.code == EACCES && !folder.starts_with("private"))   // of that it is said how many values were not looked at
        warnings_.push_back(folder + "/ not looked at: it cannot be read");
    else if (error.code != EACCES && error.code != ENOENT && error.code != ENOTDIR)
        throw;
}

void FolderCheck::look_in(const std::string& folder, const std::string& pattern)
{
    if (folder == "tile")
        look_in_tiles(folder, 0);
    else
        each_name_of(folder, [&](const std::string& name) { look_at(folder, pattern, name); });
}

void FolderCheck::look_at(const std::string& folder, const std::string& pattern, const std::string& name)
{
    const std::string file = joined(folder, name);
    const FileKind kind = kind_of(joined(root_, file));
    if (kind == FileKind::none)
        return;
    std::optional<std::string> part;
    const auto* const allowed = std::ranges::find_if(table, [&](const Allowed& one) {
        return one.folder == pattern && (part = match(one.name, name)).has_value();
    });
    if (allowed == std::end(table) || (folder.starts_with("archive/") && !part->starts_with(base_name(folder))))
        return found(file, "belongs to nothing in a ledger");
    if (kind != allowed->kind)
        return found(file, std::string{word_for(kind)} + " in the place of " + std::string{word_for(allowed->kind)});
    if (kind == FileKind::folder && allowed->inside == Inside::named)
        look_in(file, joined(pattern, allowed->name));
    else if (folder.starts_with("archive/") && exists(joined(root_, shard_file(*part))))
        warnings_.push_back(file + " not looked at: the day's plain file is there too");
    else if (folder == "days" && allowed->name.ends_with(".note"))
        noted_.insert(*part);
    else if (folder == "checkpoints" || folder.starts_with("private"))
        dated_[*part].push_back(file);
}

// As far as the folders of a tile's path go: "0", "x001", and "234.p" for what is narrower.
void FolderCheck::look_in_tiles(const std::string& folder, unsigned depth)
{
    each_name_of(folder, [&](const std::string& name) { look_at_tile(joined(folder, name), name, depth); });
}

void FolderCheck::look_at_tile(const std::string& path, const std::string& name, unsigned depth)
{
    const FileKind kind = kind_of(joined(root_, path));
    if (kind == FileKind::none)
        return;
    const bool is_level = depth == 0 && name.size() == 1 && name[0] >= '0' && name[0] < static_cast<char>('0' + tile_levels);
    const bool is_index = depth > 0 && depth <= index_depth && name.starts_with('x')
                          && has_three_digits(std::string_view{name}.substr(1));
    const bool is_partial = depth > 0 && depth <= index_depth + 1 && name.size() == 5 && name.ends_with(".p")
                            && has_three_digits(std::string_view{name}.substr(0, 3));
    if (kind == FileKind::folder && (is_level || is_index))
        return look_in_tiles(path, depth + 1);
    if (kind == FileKind::folder && is_partial)
        return look_in_tiles(path, index_depth + 2);   // no folder in it
    const auto tile = Tile::parse(std::string_view{path}.substr(path.find('/') + 1));
    if (is_level || is_index || is_partial || (tile && tile->kind == TileKind::hashes && kind != FileKind::regular))
        found(path, std::string{word_for(kind)} + " in the place of a " + (tile ? "file" : "folder"));
    else if (!tile || tile->kind != TileKind::hashes || TileFolder::file_of(*tile) != path)
        found(path, "not the name of a tile");
    else if (leaves_below(*tile) > covered_ && ahead_.size() < ahead_limit)
        ahead_.push_back(*tile);
}

void FolderCheck::finish(const std::vector<DayNote>& seals, std::uint64_t size)
{
    check_notes(seals);
    check_dates();
    for (const Tile& tile : ahead_)
        if (leaves_below(tile) > size)
            found(TileFolder::file_of(tile), "of a larger tree: there are " + std::to_string(size) + " lines");
}

// Where the line that would seal the day cannot be read, or is damaged, the note is as good as it was.
void FolderCheck::check_notes(const std::vector<DayNote>& seals)
{
    for (const DayNote& seal : seals)
        noted_.erase(seal.day);
    const auto days = ledger_days(root_).days;
    for (const std::string& day : noted_) {
        const auto next = std::ranges::find_if(days, [&](const LedgerDay& other) { return other.day > day; });
        const bool is_known = next == days.end()
                              || (next->form != DayForm::quarantined && !findings_.has(shard_file(next->day), 0)
                                  && !findings_.has(file_of(*next), 0));
        if (is_known)
            found("days/" + day + ".note", "no line of the ledger seals this day");
    }
}

// A writer's first values of a day come before its first line, and a crash may come between.
void FolderCheck::check_dates()
{
    const auto days = ledger_days(root_).days;
    for (const auto& [date, files] : dated_) {
        const bool has_day = std::ranges::any_of(days, [&](const LedgerDay& day) { return day.day.starts_with(date); });
        if (!has_day && !days.empty() && date < days.back().day)
            for (const std::string& file : files)
                found(file, "the ledger has no line of that time");
    }
}

}
