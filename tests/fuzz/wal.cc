// Fuzz target: bytes of the write-ahead log are refused, or are exactly what is written again.  The first 16 are the salt.
#include "ledger/wal_format.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view all{reinterpret_cast<const char*>(data), size};
    const std::string_view salt = all.substr(0, 16), bytes = all.substr(salt.size());
    if (const auto header = forge::parse_segment_header(bytes); header && forge::encode_segment_header(*header) != bytes.substr(0, forge::wal_block))
        std::abort();
    const auto header = forge::parse_frame_header(bytes);
    if (header && header->size() < forge::wal_frame_header)
        std::abort();
    const auto frame = forge::parse_frame(bytes, salt);
    if (!frame)
        return 0;
    forge::WalSegmentHeader segment;
    segment.generation = frame->generation;
    segment.salt = salt;
    if (forge::encode_frame(*frame, segment, frame->previous).bytes != bytes.substr(0, header->size()))
        std::abort();
    return 0;
}
