// How many event streams may be open, over all workers.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "os/lock.h"
#include "os/shared_memory.h"

namespace forge {

struct StreamLimits {
    long total;               // SSE_MAX_CLIENTS
    long anonymous_percent;   // of the total
    long per_address;         // of anonymous streams; 0: no limit
};

/// Each worker counts its own streams in its part of one file; what a dead worker had counts no more.  Any thread.
class StreamSlots {
public:
    /// `folder` is made if it is missing.  Throws Error when 64 workers use it already.
    explicit StreamSlots(const std::string& folder);

    /// The right to have a stream open; gives itself back.  It must not outlive the StreamSlots.
    class Slot {
    public:
        Slot(StreamSlots& slots, std::uint64_t address, bool anonymous) noexcept
            : slots_(&slots), address_(address), anonymous_(anonymous) {}
        Slot(Slot&& other) noexcept
            : slots_(std::exchange(other.slots_, nullptr)), address_(other.address_), anonymous_(other.anonymous_) {}
        Slot& operator=(Slot other) noexcept;
        ~Slot() { if (slots_) slots_->count(address_, anonymous_, -1); }

    private:
        StreamSlots* slots_;
        std::uint64_t address_;
        bool anonymous_;
    };

    /// A slot for a stream to the address, or nothing when a limit is reached.
    std::optional<Slot> open(std::string_view address, bool anonymous, StreamLimits limits);
    /// The streams that are open now, in all workers.
    long open_streams() const;

private:
    struct Part;
    struct File;
    struct Sums;
    class Turn;

    File& file() const;
    bool is_alive(std::size_t part) const;
    Sums sums(std::uint64_t address) const;
    void count(std::uint64_t address, bool anonymous, int step) noexcept;
    FileLock take_part();

    const std::string folder_;
    Mapping mapping_;
    std::mutex mutex_;        // one thread of this process at a time asks for the turn
    std::size_t own_ = 0;     // which part is ours
    const FileLock lock_;     // held for as long as the part is
};

}
