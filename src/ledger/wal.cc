// The write-ahead log: creating, appending, releasing.
#include "ledger/wal.h"

#include <algorithm>

#include "ledger/refusal.h"

namespace forge {

namespace {

constexpr std::size_t zeros_size = 1U << 20;
constexpr std::size_t salt_size = 16;

void write_zeros(IoFile& file, std::uint64_t begin, std::uint64_t end)
{
    static const std::string zeros(zeros_size, '\0');
    for (std::uint64_t at = begin; at < end; at += zeros_size)
        file.write(at, std::string_view{zeros}.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(zeros_size, end - at))));
}

std::uint64_t frame_size(const Batch& batch)
{
    const std::uint64_t bytes = wal_frame_header + batch.lines.size() + batch.sidecar.size();
    return (bytes + wal_block - 1) / wal_block * wal_block;
}

}

void create_wal(Io& io, Env& env, const std::string& root, const std::string& uuid, std::uint64_t segment, std::uint64_t first_seq)
{
    for (const std::uint64_t generation : {0U, 1U}) {
        const std::string path = wal_path(root, generation);
        const std::string fresh = root + "/state/.tmp-wal";
        if (io.exists(fresh))
            io.remove(fresh);
        io.open(fresh, OpenFor::appending, 0600);
        const auto file = io.open(fresh, OpenFor::overwriting, 0);
        file->reserve(0, segment);
        file->write(0, encode_segment_header({uuid, generation, env.random(salt_size), first_seq, {}}));
        write_zeros(*file, wal_block, segment);
        file->sync();
        io.rename(fresh, path);
    }
    io.sync_folder(root + "/state");
}

WriteAheadLog::WriteAheadLog(Io& io, Env& env, std::string root, std::uint64_t segment, const WalContents& found)
    : env_(env), root_(std::move(root)), size_(segment), generation_(found.newest().generation), previous_(found.last)
{
    for (const std::size_t number : {0U, 1U}) {
        segments_[number].file = io.open(wal_path(root_, number), OpenFor::overwriting, 0);
        segments_[number].header = found.headers[number];
        segments_[number].end = found.ends[number];
    }
    for (const std::size_t number : {0U, 1U}) {   // up to the first frame that is still needed
        const auto first = std::ranges::find_if(found.frames, [&](const PlacedFrame& placed) { return placed.frame.generation % 2 == number; });
        segments_[number].released = first == found.frames.end() ? segments_[number].end : first->place.offset;
    }
    if (found.torn) {
        write_zeros(*current().file, found.torn->place.offset, found.torn->place.offset + found.torn->bytes.size());
        current().file->sync();
    }
}

std::uint64_t WriteAheadLog::capacity() const
{
    return size_ - wal_block - wal_frame_header;
}

bool WriteAheadLog::has_room(const Batch& batch) const
{
    return fits(frame_size(batch)) || other().released == other().end;
}

void WriteAheadLog::append(const Batch& batch)
try {
    if (!fits(frame_size(batch)))
        begin_generation(batch.first_seq);
    Segment& segment = current();
    const EncodedFrame frame = encode_frame(batch, segment.header, previous_);
    segment.file->write(segment.end, frame.bytes);
    clear_some(2 * frame.bytes.size());
    segment.file->sync();
    segment.end += frame.bytes.size();
    previous_ = frame.hash;
} catch (const SystemError& error) {
    throw SyncFailed(error.what());
}

// The other segment has nothing that is needed: it becomes the current one.
void WriteAheadLog::begin_generation(std::uint64_t first_seq)
{
    Segment next = std::move(segments_[(generation_ + 1) % 2]);
    zero(next, size_);
    next.header = {next.header.uuid, generation_ + 1, env_.random(salt_size), first_seq, previous_};
    next.file->write(0, encode_segment_header(next.header));
    next.file->sync();
    next.cleared = next.released = next.end = wal_block;
    ++generation_;
    current() = std::move(next);
}

void WriteAheadLog::release()
{
    for (Segment& segment : segments_)
        segment.released = segment.end;
}

void WriteAheadLog::zero(Segment& segment, std::uint64_t limit)
{
    const std::uint64_t end = std::min(segment.released, segment.cleared + limit);
    write_zeros(*segment.file, segment.cleared, end);
    segment.cleared = end;
}

void WriteAheadLog::clear_some(std::uint64_t limit)
{
    for (Segment& segment : segments_)
        zero(segment, limit);
}

bool WriteAheadLog::is_clear() const noexcept
{
    return std::ranges::all_of(segments_, [](const Segment& segment) { return segment.cleared == segment.released; });
}

void WriteAheadLog::clear()
try {
    if (is_clear())
        return;
    clear_some(size_);
    for (Segment& segment : segments_)
        segment.file->sync();
} catch (const SystemError& error) {
    throw SyncFailed(error.what());
}

}
