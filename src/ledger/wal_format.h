// The write-ahead log's bytes; docs/LEDGER-FORMAT.md shows them.
#pragma once

#include "ledger/commit_log.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forge {

constexpr std::size_t wal_block = 4096;          // a segment's header, and what each frame begins at a multiple of
constexpr std::size_t wal_frame_header = 256;

/// The first block of a segment.  Each use of a segment is a generation with a salt of its own, so that no frame of an
/// earlier one can pass for one of this.
struct WalSegmentHeader {
    std::string uuid;                // of the ledger
    std::uint64_t generation = 0;    // from 1; in the file wal.(generation mod 2)
    std::string salt;                // 16 random bytes
    std::uint64_t first_seq = 0;     // of the next line when the generation began
    Hash previous{};                 // of the last frame of the generation before; 32 zero bytes where there is none
};

std::string encode_segment_header(const WalSegmentHeader& header);
/// Nothing for any bytes that encode_segment_header does not make.
std::optional<WalSegmentHeader> parse_segment_header(std::string_view block);

/// A batch as it stands in a segment.
struct WalFrame : Batch {
    std::uint64_t generation = 0;
    Hash previous{};   // of the frame before
};

struct EncodedFrame {
    std::string bytes;   // padded to whole blocks
    Hash hash;
};
EncodedFrame encode_frame(const Batch& batch, const WalSegmentHeader& segment, const Hash& previous);

/// What a frame's header says, before its hash is checked.
struct WalFrameHeader {
    WalFrame frame{};              // without lines and sidecar
    std::size_t lines_size = 0;
    std::size_t sidecar_size = 0;
    Hash hash{};

    std::size_t size() const noexcept;   // in the segment, padding included
};
/// Nothing when it does not have the form.
std::optional<WalFrameHeader> parse_frame_header(std::string_view bytes);
/// `bytes`: the whole frame.  Nothing when the hash is not that of these bytes under this salt.
std::optional<WalFrame> parse_frame(std::string_view bytes, std::string_view salt);

}
