// Evidence in a folder of the server.
#pragma once

#include "analyze/evidence.h"
#include "base/clock.h"

#include <cstddef>
#include <memory>
#include <string>

namespace forge {

struct FolderLimits {
    std::size_t files = 10'000;        // beyond it: left out, and said so
    std::size_t entries = 100'000;     // names looked at
    std::size_t depth = 40;
    SteadyTime deadline = SteadyTime::max();
};

/// The files at `path` (a folder or one file, relative) below `root`, which is never left: no "..", no symbolic link,
/// decided by the kernel.  FIFOs, sockets and devices are not opened; each is named in skips(), as is what lies beyond
/// the limits.  Throws Error "evidence PATH: why" when there is no such folder.
std::unique_ptr<EvidenceTree> open_folder_evidence(const std::string& root, const std::string& path,
                                                   const FolderLimits& limits = {});

}
