// Takes an upload apart: its files one after the other in one file, with a list.
#pragma once

#include "analyze/evidence_store.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

struct PackedFile {
    std::string path;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::string sha256;      // hex
};

struct Unpacked {
    std::vector<PackedFile> files;   // by path
    Skips skips;
};

/// Writes the files of the upload at `fd` (from its start) to `out`, and stops at the first limit that is passed.
/// Throws EvidenceRefused.
Unpacked unpack(int fd, std::string_view filename, int out, const EvidenceLimits& limits);

}
