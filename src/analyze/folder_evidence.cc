// Evidence in a folder of the server.
#include "analyze/folder_evidence.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "os/beneath.h"
#include "os/file.h"

namespace forge {

namespace {

struct CloseFolder {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

std::string_view kind_name(mode_t mode)
{
    return S_ISLNK(mode) ? "symbolic link" : S_ISFIFO(mode) ? "FIFO" : S_ISSOCK(mode) ? "socket"
         : S_ISCHR(mode) || S_ISBLK(mode) ? "device" : "no regular file";
}

// Content that git has packed: nothing in it can be read as text.
bool is_object_store(std::string_view path)
{
    return path == ".git/objects" || path.ends_with("/.git/objects");
}

/// What a folder and those below it hold, as far as the limits go.
class Walk {
public:
    Walk(int root, const FolderLimits& limits) : root_(root), limits_(limits) {}

    void take(const std::string& start)
    {
        std::vector<std::string> folders{start};
        while (!folders.empty() && !full_) {
            const auto folder = std::move(folders.back());
            folders.pop_back();
            look_into(folder, folders);
        }
        std::ranges::sort(files, {}, &EvidenceFile::path);
    }

    std::vector<EvidenceFile> files;
    Skips skips;

private:
    void look_into(const std::string& folder, std::vector<std::string>& folders)
    {
        Fd fd = open_beneath(root_, folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, Links::refused);
        if (!fd)
            return skips.add(folder, std::string{"cannot be read: "} + std::strerror(errno));
        const Folder open{::fdopendir(fd.get())};
        if (!open)
            throw errno_error("evidence " + folder);
        const int at = fd.release();
        while (const auto* entry = ::readdir(open.get())) {
            const std::string name = entry->d_name;
            if (name != "." && name != ".." && !note(at, folder.empty() ? name : folder + "/" + name, name, folders))
                return;
        }
    }

    /// False when a limit is reached.
    bool note(int folder, const std::string& path, const std::string& name, std::vector<std::string>& folders)
    {
        if (++entries_ > limits_.entries || files.size() >= limits_.files || steady_now() > limits_.deadline) {
            full_ = true;
            skips.add(path, entries_ > limits_.entries ? "this and what follows: more names than are looked at"
                            : files.size() >= limits_.files ? "this and what follows: more files than are looked at"
                                                            : "this and what follows: no time left");
            return false;
        }
        struct stat status{};
        if (const auto fault = path_fault(path))
            skips.add(path, *fault);
        else if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) < 0)
            skips.add(path, "cannot be read");
        else if (S_ISDIR(status.st_mode))
            note_folder(path, folders);
        else if (S_ISREG(status.st_mode))
            files.push_back({path, static_cast<std::uint64_t>(status.st_size)});
        else
            skips.add(path, kind_name(status.st_mode));
        return true;
    }

    void note_folder(const std::string& path, std::vector<std::string>& folders)
    {
        if (is_object_store(path))
            skips.add(path, "git's packed objects");
        else if (static_cast<std::size_t>(std::ranges::count(path, '/')) + 1 >= limits_.depth)
            skips.add(path, "too many folders deep");
        else
            folders.push_back(path);
    }

    const int root_;
    const FolderLimits& limits_;
    std::size_t entries_ = 0;
    bool full_ = false;
};

/// Files are opened when they are read, beneath the same root.
class FolderEvidence : public EvidenceTree {
public:
    FolderEvidence(Fd root, std::vector<EvidenceFile> files, Skips skips)
        : root_(std::move(root)), files_(std::move(files)), skips_(std::move(skips)) {}

    const std::vector<EvidenceFile>& files() const override { return files_; }
    const Skips& skips() const override { return skips_; }

    std::optional<std::string> read(const EvidenceFile& file, std::size_t limit) const override
    {
        // O_NONBLOCK: should the file have become a FIFO since it was listed, opening must not wait.
        const Fd fd =
            open_beneath(root_.get(), file.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, Links::refused);
        struct stat status{};
        if (!fd || ::fstat(fd.get(), &status) < 0 || !S_ISREG(status.st_mode))
            return std::nullopt;
        std::string bytes(std::min<std::uint64_t>(static_cast<std::uint64_t>(status.st_size), limit), '\0');
        std::size_t done = 0;
        while (done < bytes.size()) {
            const auto count = ::read(fd.get(), bytes.data() + done, bytes.size() - done);
            if (count < 0)
                return std::nullopt;
            if (count == 0)
                break;
            done += static_cast<std::size_t>(count);
        }
        bytes.resize(done);
        return bytes;
    }

private:
    Fd root_;
    std::vector<EvidenceFile> files_;
    Skips skips_;
};

}

std::unique_ptr<EvidenceTree> open_folder_evidence(const std::string& root, const std::string& path,
                                                   const FolderLimits& limits)
{
    if (const auto fault = path_fault(path.empty() ? "." : path))
        throw Error("evidence " + shown_path(path) + ": " + *fault);
    const Fd top = open_file(root, O_RDONLY | O_DIRECTORY);
    const auto start = normal_path(path);
    const Fd base = open_beneath(top.get(), start.empty() ? "." : start, O_PATH | O_NOFOLLOW, Links::refused);
    struct stat status{};
    if (!base || ::fstat(base.get(), &status) < 0)
        throw Error("evidence " + shown_path(path) + ": "
                    + (errno == ENOENT ? "no such file or folder" : "cannot be opened"));
    if (S_ISREG(status.st_mode)) {
        const auto folder = folder_of(start);
        Fd parent = open_beneath(top.get(), folder, O_RDONLY | O_DIRECTORY, Links::refused);
        return std::make_unique<FolderEvidence>(std::move(parent),
            std::vector{EvidenceFile{base_name(start), static_cast<std::uint64_t>(status.st_size)}}, Skips{});
    }
    if (!S_ISDIR(status.st_mode))
        throw Error("evidence " + shown_path(path) + ": " + std::string{kind_name(status.st_mode)});

    Fd folder = open_beneath(top.get(), start.empty() ? "." : start, O_RDONLY | O_DIRECTORY, Links::refused);
    if (!folder)
        throw Error("evidence " + shown_path(path) + ": cannot be opened");
    Walk walk{folder.get(), limits};
    walk.take("");
    return std::make_unique<FolderEvidence>(std::move(folder), std::move(walk.files), std::move(walk.skips));
}

}
