// Compressed files that can be read from any place: zstd frames of one mebibyte each and a table of them behind, in the
// "seekable format" of zstd's contrib folder.  Any zstd reads them as one stream.
#pragma once

#include "os/fd.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace forge {

/// Frames do not depend on one another: they are compressed side by side and written in their order.  The bytes are the
/// same with any number of threads; each takes about 25 MiB at level 19.
class SeekableZstdWriter {
public:
    /// Writes to the descriptor, which must stay open; `name` is for messages.
    SeekableZstdWriter(int fd, std::string name, int level, unsigned threads = 1);

    /// Throws SystemError.
    void add(std::string_view data);
    /// The last frame and the table; nothing can be added after it.
    void finish();

private:
    struct Free { void operator()(ZSTD_CCtx_s* context) const noexcept; };
    using Context = std::unique_ptr<ZSTD_CCtx_s, Free>;
    std::string packed(Context& context, const std::string& plain) const;
    std::vector<std::string> packed_frames();
    void write_frames();

    int fd_;
    std::string name_;
    std::vector<Context> contexts_;        // one for each thread
    std::vector<std::string> pending_;     // frames; the last one may have room
    std::string table_;
    std::uint32_t frames_ = 0;
};

/// For one thread.
class SeekableZstdReader {
public:
    /// Throws SystemError, and Error for a file that has no such table.
    explicit SeekableZstdReader(std::string path);

    /// Bytes when expanded.
    std::uint64_t size() const noexcept { return size_; }
    /// Up to `size` bytes from `offset`; fewer at the end.  Throws Error for a damaged frame.
    std::string read(std::uint64_t offset, std::size_t size);

private:
    struct Free { void operator()(ZSTD_DCtx_s* context) const noexcept; };
    struct Frame {
        std::uint64_t packed_at;
        std::uint64_t at;
        std::uint32_t packed_size;
        std::uint32_t size;
    };
    void load_table();
    const std::string& frame(std::size_t index);
    std::string bytes_at(std::uint64_t offset, std::size_t size) const;

    std::string path_;
    Fd file_;
    std::unique_ptr<ZSTD_DCtx_s, Free> context_;
    std::vector<Frame> frames_;
    std::uint64_t size_ = 0;
    std::size_t held_;         // the frame that was expanded last
    std::string held_bytes_;
};

}
