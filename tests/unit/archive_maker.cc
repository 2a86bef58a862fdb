// Makes archives for tests, hostile ones too.
#include "archive_maker.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <stdexcept>

namespace forge::test {

namespace {

struct Free {
    void operator()(archive* writer) const { archive_write_free(writer); }
    void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

la_ssize_t append(archive*, void* out, const void* bytes, size_t count)
{
    static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), count);
    return static_cast<la_ssize_t>(count);
}

void check(archive* writer, int result)
{
    if (result < ARCHIVE_WARN)
        throw std::runtime_error(archive_error_string(writer));
}

void choose(archive* writer, MadeFormat format)
{
    if (format == MadeFormat::zip)
        archive_write_set_format_zip(writer);
    else
        archive_write_set_format_pax_restricted(writer);
    if (format == MadeFormat::tar_gzip)
        archive_write_add_filter_gzip(writer);
    if (format == MadeFormat::tar_zstd)
        archive_write_add_filter_zstd(writer);
    if (format == MadeFormat::tar_bzip2)
        archive_write_add_filter_bzip2(writer);
    if (format == MadeFormat::tar_xz)
        archive_write_add_filter_xz(writer);
}

void describe(archive_entry* entry, const MadeMember& member)
{
    using Kind = MadeMember::Kind;
    archive_entry_set_pathname(entry, member.path.c_str());
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_filetype(entry, member.kind == Kind::folder ? AE_IFDIR : member.kind == Kind::symlink ? AE_IFLNK
                                      : member.kind == Kind::fifo ? AE_IFIFO : member.kind == Kind::device ? AE_IFCHR : AE_IFREG);
    if (member.kind == Kind::symlink)
        archive_entry_set_symlink(entry, member.content.c_str());
    if (member.kind == Kind::hard_link)
        archive_entry_set_hardlink(entry, member.content.c_str());
    if (member.kind != Kind::file)
        return;
    const auto hole = static_cast<la_int64_t>(member.hole_bytes);
    const auto size = static_cast<la_int64_t>(member.content.size());
    archive_entry_set_size(entry, hole + size);
    if (hole > 0)
        archive_entry_sparse_add_entry(entry, hole, size);
}

}

std::string made_archive(const std::vector<MadeMember>& members, MadeFormat format)
{
    std::string bytes;
    const std::unique_ptr<archive, Free> writer{archive_write_new()};
    choose(writer.get(), format);
    archive_write_set_bytes_in_last_block(writer.get(), 1);
    check(writer.get(), archive_write_open(writer.get(), &bytes, nullptr, append, nullptr));
    for (const auto& member : members) {
        const std::unique_ptr<archive_entry, Free> entry{archive_entry_new()};
        describe(entry.get(), member);
        check(writer.get(), archive_write_header(writer.get(), entry.get()));
        if (member.kind == MadeMember::Kind::file && member.hole_bytes > 0) {
            const std::string zeros(1 << 20, '\0');
            for (std::uint64_t left = member.hole_bytes; left > 0; left -= std::min<std::uint64_t>(left, zeros.size()))
                archive_write_data(writer.get(), zeros.data(), std::min<std::uint64_t>(left, zeros.size()));
        }
        if (member.kind == MadeMember::Kind::file)
            archive_write_data(writer.get(), member.content.data(), member.content.size());
    }
    check(writer.get(), archive_write_close(writer.get()));
    return bytes;
}

}
