// Reading tar and zip archives, on libarchive.
#include "lib/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <cerrno>

namespace forge {

namespace {

constexpr std::size_t block_bytes = 64 * 1024;

ArchiveError archive_error(archive* reader)
{
    const char* message = archive_error_string(reader);
    return ArchiveError{std::string{"archive: "} + (message ? message : "cannot be read")};
}

// The name in UTF-8 where libarchive has it so, else its bytes: the locale is "C", where it converts nothing.
std::string path_of(archive_entry* entry)
{
    if (const char* path = archive_entry_pathname_utf8(entry))
        return path;
    const char* path = archive_entry_pathname(entry);
    return path ? path : "";
}

ArchiveMember::Kind kind_of(archive_entry* entry)
{
    using Kind = ArchiveMember::Kind;
    if (archive_entry_hardlink(entry) || archive_entry_hardlink_w(entry))
        return Kind::hard_link;
    switch (archive_entry_filetype(entry)) {
    case AE_IFREG: return Kind::file;
    case AE_IFDIR: return Kind::folder;
    case AE_IFLNK: return Kind::symlink;
    case AE_IFBLK:
    case AE_IFCHR: return Kind::device;
    case AE_IFIFO: return Kind::fifo;
    case AE_IFSOCK: return Kind::socket;
    default: return Kind::other;
    }
}

}

void ArchiveReader::Free::operator()(archive* reader) const noexcept
{
    archive_read_free(reader);
}

ArchiveReader::ArchiveReader() : reader_(archive_read_new())
{
    if (!reader_)
        throw Error("archive: no memory for a reader");
    archive_read_support_filter_gzip(reader_.get());
    archive_read_support_filter_bzip2(reader_.get());
    archive_read_support_filter_zstd(reader_.get());
    archive_read_support_format_tar(reader_.get());
    archive_read_support_format_zip(reader_.get());
}

ArchiveReader::ArchiveReader(int fd) : ArchiveReader()
{
    check_open(archive_read_open_fd(reader_.get(), fd, block_bytes));
}

ArchiveReader::ArchiveReader(std::string_view bytes) : ArchiveReader()
{
    check_open(archive_read_open_memory(reader_.get(), bytes.data(), bytes.size()));
}

void ArchiveReader::check_open(int result)
{
    if (result == ARCHIVE_OK)
        return;
    is_archive_ = false;
    if (archive_errno(reader_.get()) != EILSEQ)   // what libarchive says for a format that it does not know
        throw archive_error(reader_.get());
}

std::optional<ArchiveMember> ArchiveReader::next()
{
    if (!is_archive_)
        return std::nullopt;
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(reader_.get(), &entry);
    if (result == ARCHIVE_EOF)
        return std::nullopt;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN)   // a warning is a name that has no form in this locale
        throw archive_error(reader_.get());
    return ArchiveMember{path_of(entry), kind_of(entry), archive_entry_is_encrypted(entry) == 1};
}

std::size_t ArchiveReader::read(std::span<char> buffer)
{
    const auto count = archive_read_data(reader_.get(), buffer.data(), buffer.size());
    if (count < 0)
        throw archive_error(reader_.get());
    return static_cast<std::size_t>(count);
}

std::uint64_t ArchiveReader::packed_bytes() const
{
    return static_cast<std::uint64_t>(archive_filter_bytes(reader_.get(), -1));
}

std::uint64_t ArchiveReader::expanded_bytes() const
{
    return static_cast<std::uint64_t>(archive_filter_bytes(reader_.get(), 0));
}

}
