// The files of the days.
#include "ledger/shards.h"

#include <algorithm>

#include "ledger/entry.h"
#include "ledger/refusal.h"
#include "lib/seekable_zstd.h"

namespace forge {

namespace {

constexpr std::string_view shard_prefix = "events-";
constexpr std::string_view shard_suffix = ".jsonl";
constexpr std::string_view archive_suffix = ".jsonl.zst";
constexpr std::size_t day_size = 10;

}

std::string shard_path(const std::string& root, const std::string& day)
{
    return root + "/" + std::string{shard_prefix} + day + std::string{shard_suffix};
}

std::string archive_path(const std::string& root, const std::string& day)
{
    return root + "/archive/" + day.substr(0, 4) + "/" + std::string{shard_prefix} + day + std::string{archive_suffix};
}

std::string sidecar_path(const std::string& root, const std::string& day)
{
    return root + "/private/" + day + ".jsonl";
}

std::vector<std::string> Shards::days()
{
    std::vector<std::string> days;
    for (const std::string& name : io_.names(root_))
        if (name.size() == shard_prefix.size() + day_size + shard_suffix.size() && name.starts_with(shard_prefix)
            && name.ends_with(shard_suffix))
            days.push_back(name.substr(shard_prefix.size(), day_size));
    if (!io_.exists(root_ + "/archive"))
        return days;
    for (const std::string& year : io_.names(root_ + "/archive"))
        for (const std::string& name : io_.names(root_ + "/archive/" + year))
            if (name.size() == shard_prefix.size() + day_size + archive_suffix.size() && name.starts_with(shard_prefix)
                && name.ends_with(archive_suffix))
                days.push_back(name.substr(shard_prefix.size(), day_size));
    std::ranges::sort(days);
    days.erase(std::unique(days.begin(), days.end()), days.end());
    return days;
}

GrowingFile& Shards::opened(std::optional<Open>& slot, const std::string& day, const std::string& path, mode_t mode)
{
    if (!slot || slot->day != day) {
        if (slot)
            slot->file.close();
        slot.reset();
        slot.emplace(Open{day, GrowingFile{io_, path, mode}});
    }
    return slot->file;
}

GrowingFile& Shards::lines(const std::string& day)
{
    return opened(lines_, day, shard_path(root_, day), 0640);
}

GrowingFile& Shards::sidecar(const std::string& day)
{
    return opened(sidecar_, day, sidecar_path(root_, day), 0600);
}

void Shards::sync()
{
    for (std::optional<Open>* const slot : {&lines_, &sidecar_})
        if (*slot)
            (*slot)->file.sync();
}

bool Shards::is_behind() const noexcept
{
    return (lines_ && lines_->file.is_behind()) || (sidecar_ && sidecar_->file.is_behind());
}

void Shards::remove_empty(const std::string& day)
{
    lines_.reset();
    io_.remove(shard_path(root_, day));
}

void Shards::make_read_only(const std::string& day)
{
    io_.set_mode(shard_path(root_, day), 0440);
}

bool Shards::is_archived(const std::string& day)
{
    return !io_.exists(shard_path(root_, day)) && io_.exists(archive_path(root_, day));
}

std::string Shards::read_lines(const std::string& day, std::uint64_t offset, std::size_t size)
{
    if (lines_ && lines_->day == day)
        return lines_->file.read(offset, size);
    if (is_archived(day))
        return SeekableZstdReader{archive_path(root_, day)}.read(offset, size);
    return io_.open(shard_path(root_, day), OpenFor::reading, 0)->read(offset, size);
}

std::string Shards::read_sidecar(const std::string& day, std::uint64_t offset, std::size_t size)
{
    if (sidecar_ && sidecar_->day == day)
        return sidecar_->file.read(offset, size);
    return io_.open(sidecar_path(root_, day), OpenFor::reading, 0)->read(offset, size);
}

std::uint64_t Shards::size_of(const std::string& day)
{
    if (lines_ && lines_->day == day)
        return lines_->file.size();
    if (is_archived(day))
        return SeekableZstdReader{archive_path(root_, day)}.size();
    return io_.open(shard_path(root_, day), OpenFor::reading, 0)->size();
}

std::string line_at(Shards& shards, const std::string& day, std::uint64_t offset)
{
    std::string line = shards.read_lines(day, offset, line_limit + 1);
    const auto end = line.find('\n');
    if (end == std::string::npos)
        throw LedgerDamaged("events-" + day + ".jsonl: no line at byte " + std::to_string(offset));
    line.resize(end);
    return line;
}

}
