// Uploaded evidence, kept for a day under the state folder.
#include "analyze/evidence_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "analyze/unpack.h"
#include "lib/crypto.h"
#include "os/file.h"
#include "os/random.h"

namespace forge {

namespace {

constexpr std::string_view scheme = "evidence:";
constexpr std::size_t id_digits = 32;
constexpr std::size_t manifest_limit = 64 << 20;
constexpr std::string_view unfinished = ".new-";
constexpr auto abandoned_after = std::chrono::hours{1};

/// The files of an upload, read from its "content".
class PackedEvidence : public EvidenceTree {
public:
    PackedEvidence(Fd content, const Json& manifest)
        : content_(std::move(content)), skips_(Skips::from_json(manifest["skipped"]))
    {
        for (const auto& file : manifest["files"].items()) {
            files_.push_back(
                {std::string{file["path"].as_text()}, static_cast<std::uint64_t>(file["size"].as_integer())});
            offsets_.push_back(file["offset"].as_integer());
        }
    }

    const std::vector<EvidenceFile>& files() const override { return files_; }
    const Skips& skips() const override { return skips_; }

    std::optional<std::string> read(const EvidenceFile& file, std::size_t limit) const override
    {
        const auto found = std::ranges::lower_bound(files_, file.path, {}, &EvidenceFile::path);
        if (found == files_.end() || found->path != file.path)
            return std::nullopt;
        std::string bytes(std::min<std::uint64_t>(found->size, limit), '\0');
        const auto offset = offsets_[static_cast<std::size_t>(found - files_.begin())];
        for (std::size_t done = 0; done < bytes.size();) {
            const auto count =
                ::pread(content_.get(), bytes.data() + done, bytes.size() - done, offset + static_cast<off_t>(done));
            if (count <= 0)
                return std::nullopt;
            done += static_cast<std::size_t>(count);
        }
        return bytes;
    }

private:
    Fd content_;
    std::vector<EvidenceFile> files_;
    std::vector<std::int64_t> offsets_;
    Skips skips_;
};

/// A folder of two files, removed again unless it is kept.
class NewFolder {
public:
    explicit NewFolder(std::string path) : path_(std::move(path)) { make_folders(path_, 0700); }
    ~NewFolder() { remove(path_); }
    NewFolder(const NewFolder&) = delete;
    NewFolder& operator=(const NewFolder&) = delete;

    void keep_as(const std::string& path)
    {
        if (::rename(path_.c_str(), path.c_str()) < 0)
            throw errno_error("rename " + path_);
        path_.clear();
    }

    static bool remove(const std::string& path) noexcept
    {
        if (path.empty())
            return false;
        ::unlink((path + "/content").c_str());
        ::unlink((path + "/manifest.json").c_str());
        return ::rmdir(path.c_str()) == 0;
    }

private:
    std::string path_;
};

std::string owner_digest(std::string_view id, std::string_view owner)
{
    return sha256_digest(std::string{id} + "\n" + std::string{owner});
}

bool is_id(std::string_view text)
{
    return text.size() == id_digits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::string digest_of(const Unpacked& unpacked)
{
    std::map<std::string, std::string> hashes;
    for (const auto& file : unpacked.files)
        hashes[file.path] = file.sha256;
    return tree_digest(hashes);
}

Json manifest_of(const Unpacked& unpacked, const StoredEvidence& stored, const std::string& owner)
{
    Json files = Json::array();
    for (const auto& file : unpacked.files)
        files.append(Json::object(
            {{"path", file.path}, {"offset", file.offset}, {"size", file.size}, {"sha256", file.sha256}}));
    return Json::object({{"format", 1},
                         {"owner", owner},
                         {"digest", stored.digest},
                         {"expires", rfc3339(stored.expires)},
                         {"files", files},
                         {"skipped", unpacked.skips.json()}});
}

/// Nothing when there is no such upload.
std::optional<Json> read_manifest(const std::string& folder)
try {
    return parse_json(read_file(folder + "/manifest.json", manifest_limit));
} catch (const SystemError& error) {
    if (error.code == ENOENT)
        return std::nullopt;
    throw;
}

std::uint64_t size_of(const std::string& path)
{
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

/// Judged by when it was written: cheaper than to read each manifest, and later by moments only.
bool has_expired(const std::string& folder, const std::string& name, std::chrono::hours kept, WallTime now)
{
    struct stat status{};
    const bool is_new = name.starts_with(unfinished);
    if (!is_new && !is_id(name))
        return false;
    if (::stat((is_new ? folder : folder + "/manifest.json").c_str(), &status) != 0)
        return false;
    const auto written = std::chrono::sys_seconds{std::chrono::seconds{status.st_mtime}};
    return written + (is_new ? abandoned_after : kept) < now;
}

}

EvidenceStore::EvidenceStore(std::string root, EvidenceLimits limits) : root_(std::move(root)), limits_(limits) {}

void EvidenceStore::check_room() const
{
    std::uint64_t total = 0;
    for (const auto& name : names_in(root_))
        total += size_of(root_ + "/" + name + "/content");
    if (total + limits_.expanded_bytes > limits_.store_bytes)
        throw EvidenceRefused(EvidenceRefused::Reason::store_full,
                              "the store of uploads is full: try again when older ones have expired");
}

StoredEvidence EvidenceStore::store(int fd, std::string_view filename, std::string_view owner, WallTime now)
{
    make_folders(root_, 0700);
    remove_expired(now);
    check_room();
    const std::string id = hex(random_bytes(id_digits / 2));
    const std::string folder = root_ + "/" + std::string{unfinished} + id;
    NewFolder fresh{folder};

    const Fd content = open_file(folder + "/content", O_WRONLY | O_CREAT | O_EXCL, 0600);
    auto unpacked = unpack(fd, filename, content.get(), limits_);
    StoredEvidence stored{std::string{scheme} + id, digest_of(unpacked), unpacked.files.size(), now + limits_.kept,
                          unpacked.skips};
    replace_file(folder + "/manifest.json", dump(manifest_of(unpacked, stored, owner_digest(id, owner))), 0600);
    fresh.keep_as(root_ + "/" + id);
    return stored;
}

std::unique_ptr<EvidenceTree> EvidenceStore::open(std::string_view handle, std::string_view owner, WallTime now) const
{
    if (!handle.starts_with(scheme) || !is_id(handle.substr(scheme.size())))
        return nullptr;
    const auto id = handle.substr(scheme.size());
    const std::string folder = root_ + "/" + std::string{id};
    const auto manifest = read_manifest(folder);
    if (!manifest || !equal_in_constant_time((*manifest)["owner"].as_text(), owner_digest(id, owner)))
        return nullptr;
    const auto expires = parse_rfc3339((*manifest)["expires"].as_text());
    if (!expires || *expires <= now)
        return nullptr;
    return std::make_unique<PackedEvidence>(open_file(folder + "/content", O_RDONLY), *manifest);
}

std::size_t EvidenceStore::remove_expired(WallTime now)
{
    std::size_t removed = 0;
    if (exists(root_))
        for (const auto& name : names_in(root_))
            if (const auto folder = root_ + "/" + name; has_expired(folder, name, limits_.kept, now))
                removed += NewFolder::remove(folder);
    return removed;
}

}
