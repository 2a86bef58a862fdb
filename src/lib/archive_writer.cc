// Writing tar archives in memory.
#include "lib/archive_writer.h"

#include <archive.h>
#include <archive_entry.h>

#include "base/error.h"

namespace forge {

namespace {

struct FreeEntry {
    void operator()(archive_entry* entry) const noexcept { archive_entry_free(entry); }
};
using Entry = std::unique_ptr<archive_entry, FreeEntry>;

la_ssize_t append(archive*, void* packed, const void* data, std::size_t size)
{
    static_cast<std::string*>(packed)->append(static_cast<const char*>(data), size);
    return static_cast<la_ssize_t>(size);
}

Entry entry_of(const std::string& path, mode_t type)
{
    Entry entry{archive_entry_new()};
    archive_entry_set_pathname(entry.get(), path.c_str());
    archive_entry_set_filetype(entry.get(), type);
    archive_entry_set_perm(entry.get(), 0644);
    return entry;
}

}

void ArchiveWriter::Free::operator()(archive* writer) const noexcept
{
    archive_write_free(writer);
}

ArchiveWriter::ArchiveWriter() : writer_(archive_write_new())
{
    check(archive_write_set_format_pax_restricted(writer_.get()), "archive");
    check(archive_write_add_filter_zstd(writer_.get()), "archive");
    check(archive_write_set_bytes_in_last_block(writer_.get(), 1), "archive");   // no padding behind what zstd ended
    check(archive_write_open(writer_.get(), &packed_, nullptr, append, nullptr), "archive");
}

ArchiveWriter::~ArchiveWriter() = default;

void ArchiveWriter::add_file(const std::string& path, std::string_view content)
{
    const Entry entry = entry_of(path, AE_IFREG);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
    check(archive_write_header(writer_.get(), entry.get()), path);
    if (archive_write_data(writer_.get(), content.data(), content.size()) != static_cast<la_ssize_t>(content.size()))
        check(ARCHIVE_FATAL, path);
}

void ArchiveWriter::add_symlink(const std::string& path, const std::string& target)
{
    const Entry entry = entry_of(path, AE_IFLNK);
    archive_entry_set_symlink(entry.get(), target.c_str());
    check(archive_write_header(writer_.get(), entry.get()), path);
}

std::string ArchiveWriter::finish()
{
    check(archive_write_close(writer_.get()), "archive");
    return std::move(packed_);
}

void ArchiveWriter::check(int result, const std::string& path) const
{
    if (result < ARCHIVE_WARN)
        throw Error("pack " + path + ": " + archive_error_string(writer_.get()));
}

}
