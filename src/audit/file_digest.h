// Size and SHA-256 of a file, or of what a compressed one holds, as the disk has it.
#pragma once

#include <cstdint>
#include <string>

namespace forge {

struct FileDigest {
    std::uint64_t bytes = 0;
    std::string sha256{};   // hex; empty where nothing could be read
};

/// Throws SystemError.
FileDigest file_digest(const std::string& path);
/// Of what an archive holds; empty for a damaged one.  Throws SystemError.
FileDigest expanded_digest(const std::string& path);

/// What is read next comes from the disk, not from memory; data that is not written yet stays.
void drop_from_cache(const std::string& path);

}
