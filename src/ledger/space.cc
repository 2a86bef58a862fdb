// Whether the disk has room for what is asked for.
#include "ledger/space.h"

#include <algorithm>

namespace forge {

void Space::look()
{
    free_ = io_.free_bytes(folder_);
}

bool Space::admits(std::uint64_t bytes, Urgency urgency, std::uint64_t open_runs)
{
    if (urgency == Urgency::closing)
        return free_ >= rules_.floor + bytes;
    const std::uint64_t reserved = rules_.headroom + std::min(open_runs, rules_.open_runs_limit) * rules_.finish_room;
    full_ = free_ < reserved + bytes + (full_ ? rules_.hysteresis : 0);
    return !full_;
}

}
