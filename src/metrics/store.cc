// Metric files.  Layout, all integers in the byte order of the host:
//   0  magic (8 bytes)   8  used bytes (8)   16  records
//   record: size (4) kind (1) decimals (1) key bytes (2) bounds (4) cells (4), bounds (8 each), cells (8 each),
//           key, padded to 8.  A record counts once `used` covers it.
#include "metrics/store.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cstring>
#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t file_bytes = 1024 * 1024;
constexpr std::uint64_t magic = 0x3152544d47524f46;   // "FORGMTR1"
constexpr std::size_t head_bytes = 16;
constexpr mode_t file_mode = 0644;   // read by the workers' and the ledger's users
constexpr int most_doubles = 64;
constexpr std::size_t most_cells = 64;

struct RecordHead {
    std::uint32_t size;
    MetricKind kind;
    std::uint8_t decimals;
    std::uint16_t key_size;
    std::uint32_t bounds;
    std::uint32_t cells;
};
static_assert(sizeof(RecordHead) == 16);

std::uint64_t load(const std::uint64_t& cell, int order = __ATOMIC_RELAXED)
{
    return __atomic_load_n(&cell, order);   // atomic_ref cannot look at what is const
}

std::uint64_t& word(const Mapping& mapping, std::size_t offset)
{
    return *reinterpret_cast<std::uint64_t*>(mapping.data() + offset);
}

std::size_t cell_count(const SeriesShape& shape)
{
    switch (shape.kind) {
    case MetricKind::counter: return 1;
    case MetricKind::histogram: return shape.bounds.size() + 2;
    default: return 2;
    }
}

std::size_t record_bytes(std::size_t bounds, std::size_t cells, std::size_t key_size)
{
    return sizeof(RecordHead) + 8 * (bounds + cells) + (key_size + 7) / 8 * 8;
}

/// A record in a mapped file.
struct Record {
    RecordHead head;
    std::uint64_t* bounds;
    std::uint64_t* cells;
    std::string_view key;
};

/// The record at an offset, or nothing when what stands there is none.
std::optional<Record> record_at(const Mapping& mapping, std::size_t offset, std::size_t used)
{
    Record record{};
    if (used - offset < sizeof record.head)
        return std::nullopt;
    std::memcpy(&record.head, mapping.data() + offset, sizeof record.head);
    const auto& head = record.head;
    if (head.size > used - offset || head.size != record_bytes(head.bounds, head.cells, head.key_size)
        || head.kind < MetricKind::counter || head.kind > MetricKind::state)
        return std::nullopt;
    record.bounds = &word(mapping, offset + sizeof head);
    record.cells = record.bounds + head.bounds;
    record.key = {reinterpret_cast<const char*>(record.cells + head.cells), head.key_size};
    const SeriesShape shape{head.kind, head.decimals, {record.bounds, record.cells}};
    return head.cells == cell_count(shape) ? std::optional{record} : std::nullopt;
}

/// Bytes in use, head included; 0 when the file is none of ours or damaged.
std::size_t used_bytes(const Mapping& mapping)
{
    if (mapping.size() < head_bytes || load(word(mapping, 0)) != magic)
        return 0;
    const auto used = load(word(mapping, 8), __ATOMIC_ACQUIRE);
    return used >= head_bytes && used <= mapping.size() ? used : 0;
}

/// Calls `visit` for each record; false when something stands there that is none.
template <class Visit>
bool for_each_record(const Mapping& mapping, std::size_t used, Visit visit)
{
    for (std::size_t offset = head_bytes; offset < used;) {
        const auto record = record_at(mapping, offset, used);
        if (!record)
            return false;
        visit(*record);
        offset += record->head.size;
    }
    return used != 0;
}

/// Locks FOLDER/NAME, or the first of NAME-2, NAME-3, … that is free, and says which in `path`.
FileLock own_file(const std::string& folder, const std::string& name, std::string& path)
{
    make_folders(folder);
    for (int i = 1; i <= most_doubles; ++i) {
        path = folder + "/" + name + (i == 1 ? "" : "-" + std::to_string(i));
        if (auto lock = FileLock::try_acquire(path, file_mode))
            return std::move(*lock);
    }
    throw Error("metrics " + folder + "/" + name + ": too many processes of this name");
}

bool is_gauge(MetricKind kind)
{
    return kind != MetricKind::counter && kind != MetricKind::histogram;
}

}

MetricFile::MetricFile(const std::string& folder, const std::string& name)
    : folder_(folder), lock_(own_file(folder, name, path_)), mapping_(map_shared(path_, file_bytes, file_mode))
{
    const auto clear_gauge = [](const Record& record) {
        if (is_gauge(record.head.kind))
            for (std::size_t i = 0; i < record.head.cells; ++i)
                std::atomic_ref{record.cells[i]}.store(0, std::memory_order_relaxed);
    };
    if (for_each_record(mapping_, used_bytes(mapping_), clear_gauge))
        return;
    // In place, because others may have it mapped: cutting the file would end them with SIGBUS.
    std::atomic_ref{word(mapping_, 0)}.store(0);
    std::atomic_ref{word(mapping_, 8)}.store(head_bytes);
    std::atomic_ref{word(mapping_, 0)}.store(magic);
}

std::span<std::uint64_t> MetricFile::cells(const std::string& key, const SeriesShape& shape)
{
    const std::lock_guard lock{mutex_};
    std::span<std::uint64_t> found;
    for_each_record(mapping_, used_bytes(mapping_), [&](const Record& record) {
        const std::span bounds{record.bounds, record.head.bounds};
        const auto same = [](std::uint64_t a, std::int64_t b) { return a == static_cast<std::uint64_t>(b); };
        if (record.key == key && record.head.kind == shape.kind && record.head.decimals == shape.decimals
            && std::ranges::equal(bounds, shape.bounds, same))
            found = {record.cells, record.head.cells};
    });
    return found.empty() ? append(key, shape) : found;
}

std::span<std::uint64_t> MetricFile::append(const std::string& key, const SeriesShape& shape)
{
    const std::size_t used = used_bytes(mapping_);
    const std::size_t cells = cell_count(shape);
    assert(cells <= most_cells);
    const RecordHead head{static_cast<std::uint32_t>(record_bytes(shape.bounds.size(), cells, key.size())), shape.kind,
                          shape.decimals, static_cast<std::uint16_t>(key.size()),
                          static_cast<std::uint32_t>(shape.bounds.size()), static_cast<std::uint32_t>(cells)};
    if (key.size() > 1024 || mapping_.size() - used < head.size) {
        static std::array<std::uint64_t, most_cells> unread;
        if (!std::exchange(is_full_, true))
            log(Severity::warning, "metrics file is full: new series are not counted", {{"file", path_}});
        return std::span{unread}.first(cells);
    }
    char* const place = mapping_.data() + used;
    std::memset(place, 0, head.size);
    std::memcpy(place, &head, sizeof head);
    const auto bounds = std::as_bytes(std::span{shape.bounds});
    std::ranges::copy(bounds, reinterpret_cast<std::byte*>(place + sizeof head));
    std::ranges::copy(key, place + sizeof head + bounds.size() + 8 * cells);
    std::atomic_ref{word(mapping_, 8)}.store(used + head.size, std::memory_order_release);
    return {&word(mapping_, used + sizeof head + 8 * shape.bounds.size()), cells};
}

std::vector<Series> read_metric_files(const std::string& folder)
{
    std::vector<Series> all;
    for (const std::string& name : names_in(folder)) {
        const std::string path = folder + "/" + name;
        const Mapping mapping = map_file(path);
        const bool alive = FileLock::is_held(path);
        for_each_record(mapping, used_bytes(mapping), [&](const Record& record) {
            const SeriesShape shape{record.head.kind, record.head.decimals, {record.bounds, record.cells}};
            Series series{std::string{record.key}, shape, {}, alive};
            for (std::size_t i = 0; i < record.head.cells; ++i)
                series.cells.push_back(load(record.cells[i]));
            all.push_back(std::move(series));
        });
    }
    return all;
}

}
