// Slots for event streams.  The file: whose turn it is to open a stream, then a part for each worker.  A worker writes
// to its own part only, so one that dies takes nothing but its own part with it: nobody holds its lock any more.
#include "limits/streams.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <thread>

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "lib/crypto.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t most_workers = 64;
constexpr std::size_t row_cells = 8 * 1024;
constexpr Millis patience{100};
constexpr int tries_before_looking = 1'000;

using Cell = std::uint32_t;
using Row = std::array<Cell, row_cells>;

std::uint64_t address_key(std::string_view address)
{
    const Hash hash = sha256(address);
    std::uint64_t key = 0;
    std::memcpy(&key, hash.data(), sizeof key);
    return key;
}

}

// Streams by address are counted in two rows, each at a place given by another half of the address' hash: two addresses
// are taken for one only where both halves meet.
struct StreamSlots::Part {
    Cell total;
    Cell anonymous;
    std::array<Row, 2> by_address;

    Cell& at(std::size_t row, std::uint64_t address) { return by_address[row][(address >> (32 * row)) % row_cells]; }
};

struct StreamSlots::File {
    std::uint64_t turn;   // 0, or 1 + the part whose worker is opening a stream
    std::array<Part, most_workers> parts;
};

struct StreamSlots::Sums {
    long total = 0;
    long anonymous = 0;
    std::array<long, 2> address{};
};

/// The right to look and then count, which one worker at a time has.  A holder that died loses it; for one that is
/// merely stopped nobody waits longer than `patience`: the limit may then be passed by one.
class StreamSlots::Turn {
public:
    Turn(const StreamSlots& slots) : turn_(slots.file().turn), mine_(slots.own_ + 1)
    {
        std::uint64_t holder = 0;
        held_ = turn_.compare_exchange_strong(holder, mine_);
        const SteadyTime deadline = steady_now() + patience;
        for (int i = 1; !held_ && steady_now() < deadline; ++i) {
            std::this_thread::yield();
            const bool may_take = holder == 0 || (i % tries_before_looking == 0 && !slots.is_alive(holder - 1));
            if (!may_take)
                holder = turn_.load();
            else
                held_ = turn_.compare_exchange_strong(holder, mine_);
        }
    }
    ~Turn()
    {
        if (held_)
            turn_.compare_exchange_strong(mine_, 0);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    std::atomic_ref<std::uint64_t> turn_;
    std::uint64_t mine_;
    bool held_ = false;
};

StreamSlots::StreamSlots(const std::string& folder)
    : folder_((make_folders(folder), folder)), mapping_(map_shared(folder + "/table", sizeof(File))), lock_(take_part())
{
}

StreamSlots::File& StreamSlots::file() const
{
    return *reinterpret_cast<File*>(mapping_.data());
}

FileLock StreamSlots::take_part()
{
    for (own_ = 0; own_ < most_workers; ++own_)
        if (auto lock = FileLock::try_acquire(folder_ + "/" + std::to_string(own_))) {
            std::memset(static_cast<void*>(&file().parts[own_]), 0, sizeof(Part));   // of a dead worker
            return std::move(*lock);
        }
    throw Error("stream slots " + folder_ + ": used by " + std::to_string(most_workers) + " workers already");
}

bool StreamSlots::is_alive(std::size_t part) const
{
    return part == own_ || FileLock::is_held(folder_ + "/" + std::to_string(part));
}

StreamSlots::Sums StreamSlots::sums(std::uint64_t address) const
{
    const auto load = [](Cell& cell) { return static_cast<long>(std::atomic_ref{cell}.load()); };
    Sums sums;
    for (std::size_t i = 0; i < most_workers; ++i) {
        Part& part = file().parts[i];
        if (load(part.total) == 0 || !is_alive(i))
            continue;
        sums.total += load(part.total);
        sums.anonymous += load(part.anonymous);
        for (std::size_t row = 0; row < 2; ++row)
            sums.address[row] += load(part.at(row, address));
    }
    return sums;
}

void StreamSlots::count(std::uint64_t address, bool anonymous, int step) noexcept
{
    const auto add = [step](Cell& cell) { std::atomic_ref{cell}.fetch_add(static_cast<Cell>(step)); };
    Part& part = file().parts[own_];
    add(part.total);
    if (!anonymous)
        return;
    add(part.anonymous);
    add(part.at(0, address));
    add(part.at(1, address));
}

std::optional<StreamSlots::Slot> StreamSlots::open(std::string_view address, bool anonymous, StreamLimits limits)
{
    const std::uint64_t key = address_key(address);
    const std::lock_guard lock{mutex_};
    const Turn turn{*this};
    const Sums now = sums(key);
    if (now.total >= limits.total)
        return std::nullopt;
    if (anonymous) {
        const long of_address = std::min(now.address[0], now.address[1]);
        if (now.anonymous >= limits.total * limits.anonymous_percent / 100
            || (limits.per_address != 0 && of_address >= limits.per_address))
            return std::nullopt;
    }
    count(key, anonymous, 1);
    return Slot{*this, key, anonymous};
}

long StreamSlots::open_streams() const
{
    return sums(0).total;
}

StreamSlots::Slot& StreamSlots::Slot::operator=(Slot other) noexcept
{
    std::swap(slots_, other.slots_);
    std::swap(address_, other.address_);
    std::swap(anonymous_, other.anonymous_);
    return *this;
}

}
