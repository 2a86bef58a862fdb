// Reading the write-ahead log, without changing it.
#pragma once

#include "ledger/io.h"
#include "ledger/wal_format.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace forge {

/// What to do when acknowledged lines are not in the write-ahead log, or in it and do not follow: stop with WalDamaged, or
/// take what can be had from the shards and give up the rest, for a tool that an operator told to.
enum class OnLoss { halt, accept };

/// "ROOT/state/wal.0", "ROOT/state/wal.1"
std::string wal_path(const std::string& root, std::uint64_t generation);

struct WalPlace {
    std::string path;
    std::uint64_t offset;
};

/// A whole frame, and where it stands.
struct PlacedFrame {
    WalFrame frame;
    WalPlace place;
    std::uint64_t size;   // bytes in the segment
    Hash hash;
};

/// A frame of the newest generation that was begun and is not whole.
struct TornFrame {
    WalPlace place;
    std::uint64_t first_seq;
    std::string bytes;
};

/// Where acknowledged lines are missing between frames, or before the first.
struct WalGap {
    WalPlace place;         // where the frame after it stands
    std::uint64_t from;     // seq
    std::uint64_t to;
    std::string reason;
};

struct WalContents {
    std::vector<PlacedFrame> frames{};         // with lines that the checkpoint does not cover, in order
    std::vector<WalGap> gaps{};
    std::optional<TornFrame> torn{};           // behind the last frame
    std::array<WalSegmentHeader, 2> headers{};   // by number of the segment
    std::array<std::uint64_t, 2> ends{};       // behind the last whole frame of each segment, whatever it covers
    std::optional<std::string> unreadable{};   // why a segment was left out, with OnLoss::accept
    Hash last{};                               // hash of the newest whole frame, or what the newest header says

    const WalSegmentHeader& newest() const { return headers[headers[0].generation > headers[1].generation ? 0 : 1]; }
};

struct WalSource {
    Io& io;
    const std::string& root;
    const std::string& uuid;
    std::uint64_t segment;    // bytes of a segment, as it was made
    std::uint64_t covered;    // size of the newest checkpoint; frames below it are done with, and may be zeroed
    OnLoss on_loss;
    OpenFor open_for = OpenFor::reading_disk;
    /// Gets each frame before it is put into WalContents, in the order of the files, and may keep its bytes for itself.
    std::function<void(WalFrame&)> on_frame{};
};

/// Throws WalDamaged when a segment or its header is missing or not of this ledger, or the segment is shorter than it was
/// made; with OnLoss::accept it is left out, or its rest read, and what is given is good for reading lines and not for going
/// on with the log.
WalContents read_wal(const WalSource& source);

}
