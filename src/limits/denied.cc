// Refusals, counted by caller and window.
#include "limits/denied.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

#include "base/ids.h"
#include "os/lock.h"

namespace forge {

namespace {

constexpr std::size_t windows_kept = 4;                                       // while the ledger cannot record
constexpr std::size_t slot_count = windows_kept * (DeniedCounts::most + 1);   // in each window one for all others
constexpr std::int64_t give_again_after = 60;                                 // seconds
constexpr int tries = 1000;                                                   // for the lock, which is held for microseconds

template <std::size_t size>
struct Text {
    std::uint16_t length;
    std::array<char, size - sizeof(std::uint16_t)> bytes;

    bool fits(std::string_view text) const noexcept { return text.size() <= bytes.size(); }
    void set(std::string_view text) noexcept
    {
        length = static_cast<std::uint16_t>(std::min(text.size(), bytes.size()));
        std::memcpy(bytes.data(), text.data(), length);
    }
    std::string_view view() const noexcept { return {bytes.data(), std::min<std::size_t>(length, bytes.size())}; }
    std::string get() const { return std::string{view()}; }
};

std::int64_t seconds_of(WallTime time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}

// A file of zeros has no slot in use.
struct DeniedCounts::Slot {
    std::int64_t window;     // its number since 1970, from 1; 0: free
    std::int64_t given_at;   // seconds since 1970; 0: not yet
    std::uint64_t count;
    Text<40> id;
    Text<256> iss;
    Text<256> sub;
    Text<64> address;
    Text<48> reason;
    Text<96> route;

    DeniedCaller caller() const { return {iss.get(), sub.get(), address.get()}; }
    bool is_of(const DeniedCaller& caller) const noexcept
    {
        return sub.view() == caller.sub && iss.view() == caller.iss && address.view() == caller.address;
    }
};

// The only one who looks at the slots.
class DeniedCounts::Turn {
public:
    explicit Turn(DeniedCounts& counts) : mutex_(counts.mutex_)
    {
        for (int i = 0; i < tries && !(lock_ = FileLock::try_acquire(counts.path_ + ".lock")); ++i)
            std::this_thread::yield();
    }
    explicit operator bool() const noexcept { return lock_.has_value(); }

private:
    const std::lock_guard<std::mutex> mutex_;
    std::optional<FileLock> lock_;
};

DeniedCounts::DeniedCounts(std::string path, Millis window)
    : path_(std::move(path)), window_(window), mapping_(map_shared(path_, slot_count * sizeof(Slot)))
{
}

std::span<DeniedCounts::Slot> DeniedCounts::slots() const
{
    return {reinterpret_cast<Slot*>(mapping_.data()), slot_count};
}

std::int64_t DeniedCounts::window_of(WallTime now) const
{
    return now.time_since_epoch() / Micros{window_};
}

// The caller's own, or the one that those beyond the limit share; nothing when there is no room.
DeniedCounts::Slot* DeniedCounts::slot_for(const DeniedCaller& caller, std::int64_t window) const
{
    static const DeniedCaller others;
    std::size_t used = 0;
    Slot* shared = nullptr;
    Slot* free = nullptr;
    for (Slot& slot : slots()) {
        if (slot.window == 0)
            free = &slot;
        if (slot.window != window || slot.given_at != 0)
            continue;
        ++used;
        if (slot.is_of(caller))
            return &slot;
        if (slot.is_of(others))
            shared = &slot;
    }
    const bool fits = free && free->iss.fits(caller.iss) && free->sub.fits(caller.sub) && free->address.fits(caller.address);
    const bool is_shared = !fits || used >= most;
    if (is_shared && shared)
        return shared;
    if (!free)
        return nullptr;
    const DeniedCaller& named = is_shared ? others : caller;
    *free = {};
    free->id.set(uuid_v7());
    free->iss.set(named.iss);
    free->sub.set(named.sub);
    free->address.set(named.address);
    free->window = window;
    return free;
}

bool DeniedCounts::note(const DeniedCaller& caller, std::string_view reason, std::string_view route, WallTime now)
{
    const Turn turn{*this};
    if (!turn)
        return false;
    Slot* const slot = slot_for(caller, window_of(now));
    if (!slot)
        return false;
    if (slot->count++ == 0) {
        slot->reason.set(reason);
        slot->route.set(route);
    }
    return true;
}

std::vector<Denied> DeniedCounts::take(WallTime now)
{
    std::vector<Denied> due;
    const Turn turn{*this};
    if (!turn)
        return due;
    const std::int64_t current = window_of(now), seconds = seconds_of(now);
    for (Slot& slot : slots()) {
        const bool is_over = slot.window != 0 && slot.window != current;   // a clock may be put back too
        const bool is_given = slot.given_at != 0 && std::abs(seconds - slot.given_at) < give_again_after;
        if (!is_over || is_given)
            continue;
        slot.given_at = seconds;
        due.push_back({slot.id.get(), slot.caller(), slot.reason.get(), slot.route.get(), slot.count,
                       WallTime{Micros{window_} * slot.window}});
    }
    return due;
}

void DeniedCounts::done(const std::string& id)
{
    const Turn turn{*this};
    if (!turn)
        return;   // it is given again, and the ledger knows the id
    for (Slot& slot : slots())
        if (slot.window != 0 && slot.id.view() == id)
            slot.window = 0;
}

}
