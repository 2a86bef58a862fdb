// The write-ahead log: two segments that are written once with zeros and then used in turn.
#pragma once

#include "ledger/env.h"
#include "ledger/wal_reader.h"

#include <array>
#include <memory>
#include <string>

namespace forge {

/// Makes both segments durably; what a crash left of an earlier attempt is replaced.  `first_seq`: of the next line.
void create_wal(Io& io, Env& env, const std::string& root, const std::string& uuid, std::uint64_t segment, std::uint64_t first_seq);

class WriteAheadLog : public CommitLog {
public:
    /// Goes on behind the last whole frame of what was found; a torn one is overwritten with zeros.
    WriteAheadLog(Io& io, Env& env, std::string root, std::uint64_t segment, const WalContents& found);

    std::uint64_t capacity() const override;
    bool has_room(const Batch& batch) const override;
    /// One sync, in the common case of one block.
    void append(const Batch& batch) override;
    void release() override;
    void clear() override;

private:
    struct Segment {
        std::unique_ptr<IoFile> file{};
        WalSegmentHeader header{};
        std::uint64_t cleared = wal_block;    // zeros up to here
        std::uint64_t released = wal_block;   // done with up to here
        std::uint64_t end = wal_block;        // of the last frame
    };
    Segment& current() { return segments_[generation_ % 2]; }
    const Segment& current() const { return segments_[generation_ % 2]; }
    const Segment& other() const { return segments_[(generation_ + 1) % 2]; }
    bool fits(std::uint64_t frame_size) const { return current().end + frame_size <= size_; }
    bool is_clear() const noexcept;
    void begin_generation(std::uint64_t first_seq);
    void clear_some(std::uint64_t limit);
    static void zero(Segment& segment, std::uint64_t limit);

    Env& env_;
    const std::string root_;
    const std::uint64_t size_;      // of a segment
    std::array<Segment, 2> segments_;
    std::uint64_t generation_;
    Hash previous_;                 // of the last frame
};

}
