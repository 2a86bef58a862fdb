// Fuzz target: any bytes as an archive are read to their end within bounds, or refused.
#include "lib/archive.h"

#include <array>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::uint64_t most_bytes = 4 << 20;
    try {
        forge::ArchiveReader reader{std::string_view{reinterpret_cast<const char*>(data), size}};
        std::array<char, 4096> buffer;
        for (int members = 0; members < 100 && reader.next(); ++members)
            while (reader.read(buffer) > 0)
                if (reader.expanded_bytes() > most_bytes)
                    return 0;
        if (reader.packed_bytes() > size)
            std::abort();
    } catch (const forge::ArchiveError&) {   // NOLINT(bugprone-empty-catch): refused, as it may be
    }
    return 0;
}
