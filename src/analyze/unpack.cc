// Takes an upload apart: its files one after the other in one file, with a list.
#include "analyze/unpack.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "lib/archive.h"
#include "lib/crypto.h"
#include "os/file.h"

namespace forge {

namespace {

using Reason = EvidenceRefused::Reason;
using namespace std::string_view_literals;

constexpr std::size_t buffer_bytes = 64 * 1024;

std::string_view refused_kind(ArchiveMember::Kind kind)
{
    using enum ArchiveMember::Kind;
    switch (kind) {
    case symlink: return "symbolic link";
    case hard_link: return "hard link";
    case device: return "device";
    case fifo: return "FIFO";
    case socket: return "socket";
    default: return "no regular file";
    }
}

std::string mebibytes(std::uint64_t bytes)
{
    return std::to_string(bytes >> 20) + " MiB";
}

/// Writes pieces of files to one file, and counts.
class Packer {
public:
    Packer(int out, const EvidenceLimits& limits)
        : out_(out), limits_(limits), deadline_(steady_now() + limits.patience)
    {
    }

    void begin(std::string path)
    {
        paths_.insert(path);
        unpacked_.files.push_back({std::move(path), total_, 0, {}});
    }

    void write(std::string_view piece)
    {
        write_all(out_, piece, "evidence");
        hash_.update(piece);
        total_ += piece.size();
        unpacked_.files.back().size += piece.size();
    }

    void end()
    {
        unpacked_.files.back().sha256 = hex(hash_.finish());
    }

    bool has(const std::string& path) const { return paths_.contains(path); }
    void skip(std::string_view path, std::string_view reason) { unpacked_.skips.add(path, reason); }

    /// Throws when unpacking has gone too far; `packed` and `expanded` are what the archive's reader counts.
    void check(std::uint64_t packed, std::uint64_t expanded) const
    {
        const auto most = std::max(total_, expanded);
        if (total_ > limits_.expanded_bytes || expanded > 2 * limits_.expanded_bytes)
            throw EvidenceRefused(Reason::too_large,
                                  "the upload expands to more than " + mebibytes(limits_.expanded_bytes));
        if (most > limits_.ratio_free_bytes && most > limits_.ratio * std::max<std::uint64_t>(packed, 1))
            throw EvidenceRefused(Reason::too_large, "the upload expands to more than " + std::to_string(limits_.ratio)
                                                     + " times its size");
        if (steady_now() > deadline_)
            throw EvidenceRefused(Reason::too_large, "the upload takes too long to unpack");
    }

    Unpacked finish()
    {
        std::ranges::sort(unpacked_.files, {}, &PackedFile::path);
        return std::move(unpacked_);
    }

private:
    const int out_;
    const EvidenceLimits& limits_;
    const SteadyTime deadline_;
    std::uint64_t total_ = 0;
    std::set<std::string> paths_;
    Sha256 hash_;
    Unpacked unpacked_;
};

/// Reads the current member to its end, so that libarchive never skips (and expands) what nobody counts.
void drain(ArchiveReader& reader, const Packer& packer)
{
    std::array<char, buffer_bytes> buffer;
    while (reader.read(buffer) > 0)
        packer.check(reader.packed_bytes(), reader.expanded_bytes());
}

void pack_member(ArchiveReader& reader, std::string path, Packer& packer)
{
    packer.begin(std::move(path));
    std::array<char, buffer_bytes> buffer;
    while (const auto count = reader.read(buffer)) {
        packer.write({buffer.data(), count});
        packer.check(reader.packed_bytes(), reader.expanded_bytes());
    }
    packer.end();
}

std::optional<std::string> member_fault(const ArchiveMember& member, const Packer& packer)
{
    if (const auto fault = path_fault(member.path))
        return fault;
    if (member.encrypted)
        return "encrypted";
    if (member.kind != ArchiveMember::Kind::file)
        return std::string{refused_kind(member.kind)};
    const auto path = normal_path(member.path);
    if (path.empty())
        return "no name";
    return packer.has(path) ? std::optional<std::string>{"path given twice"} : std::nullopt;
}

void take_member(ArchiveReader& reader, const ArchiveMember& member, Packer& packer)
{
    if (member.kind == ArchiveMember::Kind::folder && !path_fault(member.path))
        return drain(reader, packer);
    if (const auto fault = member_fault(member, packer)) {
        packer.skip(member.path, *fault);
        if (!member.encrypted)
            drain(reader, packer);
        return;
    }
    pack_member(reader, normal_path(member.path), packer);
}

/// False when it is no archive.
bool unpack_archive(int fd, Packer& packer, const EvidenceLimits& limits)
try {
    ArchiveReader reader{fd};
    std::size_t members = 0;
    while (const auto member = reader.next()) {
        if (++members > limits.members)
            throw EvidenceRefused(Reason::too_large,
                                  "the upload has more than " + std::to_string(limits.members) + " members");
        packer.check(reader.packed_bytes(), reader.expanded_bytes());
        take_member(reader, *member, packer);
    }
    return reader.is_archive();
} catch (const ArchiveError& error) {
    throw EvidenceRefused(Reason::broken, "the upload is damaged: " + std::string{error.what()});
}

void rewind(int fd)
{
    if (::lseek(fd, 0, SEEK_SET) < 0)
        throw errno_error("evidence: seek");
}

std::string start_of(int fd)
{
    std::string start(8, '\0');
    const auto count = ::pread(fd, start.data(), start.size(), 0);
    start.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return start;
}

void pack_single(int fd, std::string_view filename, Packer& packer)
{
    auto name = base_name(normal_path(shown_path(filename)));
    if (path_fault(name))
        name = "upload";
    packer.begin(name);
    std::array<char, buffer_bytes> buffer;
    for (;;) {
        const auto count = ::read(fd, buffer.data(), buffer.size());
        if (count < 0)
            throw errno_error("evidence: read");
        if (count == 0)
            break;
        packer.write({buffer.data(), static_cast<std::size_t>(count)});
    }
    packer.end();
}

void refuse_unread_kinds(std::string_view start, std::string_view filename)
{
    if (start.starts_with("\xfd" "7zXZ\0"sv) || start.starts_with("7z\xbc\xaf"sv) || start.starts_with("Rar!"sv))
        throw EvidenceRefused(Reason::broken, "xz, 7z and rar are not read: use tar, tar.gz, tar.zst or zip");
    for (const auto suffix : {".tar"sv, ".tgz"sv, ".tar.gz"sv, ".tar.bz2"sv, ".tar.zst"sv, ".zip"sv})
        if (lower(filename).ends_with(suffix))
            throw EvidenceRefused(Reason::broken, "the upload is named " + std::string{suffix} + " but is none");
}

}

Unpacked unpack(int fd, std::string_view filename, int out, const EvidenceLimits& limits)
{
    struct stat status{};
    if (::fstat(fd, &status) < 0)
        throw errno_error("evidence: stat");
    if (!S_ISREG(status.st_mode))
        throw Error("evidence: the upload is no regular file");
    if (static_cast<std::uint64_t>(status.st_size) > limits.packed_bytes)
        throw EvidenceRefused(Reason::too_large, "the upload is larger than " + mebibytes(limits.packed_bytes));

    Packer packer{out, limits};
    rewind(fd);
    if (status.st_size > 0 && !unpack_archive(fd, packer, limits)) {
        refuse_unread_kinds(start_of(fd), filename);
        rewind(fd);
        pack_single(fd, filename, packer);
    }
    auto unpacked = packer.finish();
    if (unpacked.files.empty())
        throw EvidenceRefused(Reason::empty, "the upload holds no regular file ("
                                                 + std::to_string(unpacked.skips.count()) + " left out)");
    return unpacked;
}

}
