// Reading tar and zip archives, on libarchive.
#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct archive;

namespace forge {

/// An archive that cannot be read on: cut short, damaged, or of a kind that is not read here.
struct ArchiveError : Error {
    using Error::Error;
};

struct ArchiveMember {
    enum class Kind { file, folder, symlink, hard_link, device, fifo, socket, other };

    std::string path;      // as it stands in the archive: any bytes, "../x" and "/x" too; empty: no name could be read
    Kind kind = Kind::file;
    bool encrypted = false;
};

/// One pass over tar (plain, or in gzip, bzip2 or zstd) or zip.  xz is left out: its decoder takes as much memory as
/// the archive asks for.  Not to be shared by threads.
class ArchiveReader {
public:
    /// Reads from the descriptor's position, which must stay open; zip needs one that can seek.  Throws ArchiveError
    /// for a compressed source that breaks off at its start.
    explicit ArchiveReader(int fd);
    /// Reads the bytes, which must outlive the reader.
    explicit ArchiveReader(std::string_view bytes);

    /// The next member, or nothing at the end.  What was left of the one before is skipped.  Throws ArchiveError.
    std::optional<ArchiveMember> next();
    /// Bytes of the current member, at most a buffer full; 0 at its end.  A sparse file's holes are zeros.
    std::size_t read(std::span<char> buffer);

    /// False for a source that is no archive at all; next() then gives nothing.
    bool is_archive() const noexcept { return is_archive_; }
    /// Bytes taken from the source, and bytes they were expanded to, so far.
    std::uint64_t packed_bytes() const;
    std::uint64_t expanded_bytes() const;

private:
    struct Free { void operator()(archive* reader) const noexcept; };

    ArchiveReader();
    void check_open(int result);

    std::unique_ptr<archive, Free> reader_;
    bool is_archive_ = true;
};

}
