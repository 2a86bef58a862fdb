// Whether an id stands twice, for any number of lines in bounded memory: hashes are sorted in pieces and merged.
#pragma once

#include "os/fd.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

namespace forge {

class UniqueIds {
public:
    /// Keeps at most `piece` hashes in memory; more go into a file without a name in $TMPDIR or /tmp.
    explicit UniqueIds(std::size_t piece = std::size_t{2} << 20) : piece_(piece) {}

    void add(std::uint64_t hash);
    /// Hashes that were added more than once: ids that may be the same.  Ends the object.
    std::set<std::uint64_t> repeated();

private:
    void spill();

    std::size_t piece_;
    std::vector<std::uint64_t> hashes_;
    Fd file_;
    std::vector<std::size_t> spilled_;   // hashes in each piece of the file
};

}
