// Whether the disk has room for what is asked for.
#include "ledger/space.h"

#include <algorithm>

#include "base/error.h"
#include "os/file.h"

namespace forge {

Space::Space(Io& io, const std::string& root, SpaceRules rules)
    : io_(io), folder_(root), rules_(rules), ballast_(root + "/state/ballast"), has_ballast_(io.exists(ballast_))
{
}

void Space::look()
{
    free_ = io_.free_bytes(folder_);
    const SpaceSizes& sizes = rules_.sizes;
    if (has_ballast_ || free_ < sizes.ballast + sizes.headroom)
        return;
    try {
        io_.open(ballast_, OpenFor::appending, 0600)->reserve(0, sizes.ballast);
        has_ballast_ = true;
        free_ -= sizes.ballast;
    } catch (const SystemError&) {
        // Somebody was faster; it is tried again.
        if (io_.exists(ballast_))
            io_.remove(ballast_);
    }
}

bool Space::release_ballast()
{
    if (!has_ballast_)
        return false;
    has_ballast_ = false;
    note_full();
    io_.remove(ballast_);
    return true;
}

bool Space::admits(std::uint64_t bytes, Urgency urgency, std::uint64_t open_runs)
{
    if (urgency == Urgency::closing)
        return free_ + (has_ballast_ ? rules_.sizes.ballast : 0) >= rules_.floor + bytes;
    const std::uint64_t reserved = rules_.sizes.headroom + std::min(open_runs, rules_.open_runs_limit) * rules_.finish_room;
    wanted_ = reserved + bytes;
    full_ = free_ < wanted_ + (full_ ? rules_.sizes.hysteresis : 0);
    return !full_;
}

bool Space::is_full() const
try {
    return full_ && io_.free_bytes(folder_) < wanted_ + rules_.sizes.hysteresis;
} catch (const SystemError&) {
    return true;
}

void Space::note_full() noexcept
{
    full_ = true;
    wanted_ = std::max(wanted_, rules_.sizes.headroom);
}

}
