// Where each line stands, and which line has an id.
#include "ledger/entry_index.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/clock.h"
#include "base/error.h"
#include "lib/crypto.h"

namespace forge {

namespace {

static_assert(std::endian::native == std::endian::little, "the columns are little-endian");

constexpr std::size_t width = sizeof(std::uint64_t);
constexpr unsigned offset_bits = 48;
constexpr unsigned seq_bits = 40;
constexpr std::uint64_t low(unsigned bits) { return (std::uint64_t{1} << bits) - 1; }
constexpr std::size_t first_slots = 1U << 16;

std::uint64_t number_at(std::string_view bytes, std::size_t index)
{
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data() + index * width, width);
    return number;
}

void append_number(std::string& bytes, std::uint64_t number)
{
    bytes.append(reinterpret_cast<const char*>(&number), width);
}

}

std::uint64_t hash_of_id(std::string_view id)
{
    const Hash hash = sha256(id);
    return number_at(text_of(hash), 0);
}

std::uint16_t day_number(const std::string& day)
{
    const auto time = parse_rfc3339(day);
    if (!time || day.size() != 10)
        throw Error(day + " is no day");
    return static_cast<std::uint16_t>(std::chrono::floor<std::chrono::days>(*time).time_since_epoch().count());
}

std::string day_name(std::uint16_t number)
{
    return utc_day(WallTime{std::chrono::days{number}});
}

EntryIndex::EntryIndex(Io& io, const std::string& folder)
    : offsets_(io, folder + "/off.u64"), ids_(io, folder + "/ids.u64"), private_(io, folder + "/private.u64"),
      size_(std::min({offsets_.file.size(), ids_.file.size(), private_.file.size()}) / width), slots_(first_slots)
{
}

void EntryIndex::start(std::uint64_t size)
{
    size_ = std::min(size_, size);
    for (Column* const column : {&offsets_, &ids_, &private_})
        if (column->file.size() != size_ * width)
            column->file.cut(size_ * width);
    fill_slots(std::max(first_slots, std::bit_ceil(static_cast<std::size_t>(size_) * 2)));
}

void EntryIndex::fill_slots(std::size_t count)
{
    slots_.assign(count, 0);
    constexpr std::uint64_t block = 65'536;
    std::uint64_t seq = 0;
    const auto remember_all = [&](std::string_view bytes) {
        for (std::size_t i = 0; i < bytes.size() / width; ++i)
            remember(number_at(bytes, i), seq++);
    };
    const std::uint64_t end = ids_.file.size();
    for (std::uint64_t at = 0; at < end; at += block) {
        const std::string bytes = ids_.file.read(at, std::min(block, end - at));
        if (bytes.size() != std::min(block, end - at))
            throw Error(ids_.file.path() + ": shorter than it was");
        remember_all(bytes);
    }
    remember_all(ids_.unwritten);
}

void EntryIndex::remember(std::uint64_t hash, std::uint64_t seq)
{
    std::size_t slot = hash & (slots_.size() - 1);
    while (slots_[slot] != 0)
        slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = (hash & ~low(seq_bits)) | (seq + 1);
}

void EntryIndex::add(std::uint64_t id_hash, const LinePlace& place)
{
    append_number(offsets_.unwritten, std::uint64_t{day_number(place.day)} << offset_bits | place.offset);
    append_number(ids_.unwritten, id_hash);
    append_number(private_.unwritten, place.private_offset ? *place.private_offset + 1 : 0);
    remember(id_hash, size_++);
    if (size_ * 2 > slots_.size())
        fill_slots(slots_.size() * 2);
}

void EntryIndex::reserve(std::uint64_t count)
{
    constexpr std::uint64_t step = 65'536;
    for (Column* const column : {&offsets_, &ids_, &private_})
        column->file.reserve(column->unwritten.size() + count * width, step);
}

void EntryIndex::write()
{
    for (Column* const column : {&offsets_, &ids_, &private_})
        column->write();
}

void EntryIndex::sync()
{
    write();
    for (Column* const column : {&offsets_, &ids_, &private_})
        column->file.sync();
}

std::optional<std::uint64_t> EntryIndex::find(std::uint64_t id_hash, const std::function<bool(std::uint64_t)>& is_it) const
{
    for (std::size_t slot = id_hash & (slots_.size() - 1); slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
        const std::uint64_t seq = (slots_[slot] & low(seq_bits)) - 1;
        if (((slots_[slot] ^ id_hash) & ~low(seq_bits)) == 0 && is_it(seq))
            return seq;
    }
    return std::nullopt;
}

LinePlace EntryIndex::place(std::uint64_t seq)
{
    const std::uint64_t offset = offsets_.at(seq);
    const std::uint64_t private_offset = private_.at(seq);
    return {day_name(static_cast<std::uint16_t>(offset >> offset_bits)), offset & low(offset_bits),
            private_offset == 0 ? std::nullopt : std::optional{private_offset - 1}};
}

std::uint64_t EntryIndex::Column::at(std::uint64_t seq)
{
    const std::uint64_t written = file.size() / width;
    if (seq >= written)
        return number_at(unwritten, static_cast<std::size_t>(seq - written));
    const std::string bytes = file.read(seq * width, width);
    if (bytes.size() != width)
        throw Error(file.path() + ": shorter than it was");
    return number_at(bytes, 0);
}

void EntryIndex::Column::write()
{
    if (unwritten.empty())
        return;
    file.append(unwritten);
    unwritten.clear();
}

}
