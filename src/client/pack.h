// Evidence on its way to the server: a folder becomes an archive, a file is sent as it is.
#pragma once

#include <cstddef>
#include <string>

namespace forge {

struct PackedEvidence {
    std::string bytes;
    std::string content_type;
    std::size_t files = 0;
    std::size_t left_out = 0;   // sockets, devices, FIFOs, and what stands in a .git folder
};

/// Throws SystemError for what cannot be read, Error for more than the server takes (64 MiB, 10,000 members).
PackedEvidence pack_evidence(const std::string& path);

}
