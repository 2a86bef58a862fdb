// The disk as the ledger's engine sees it: the real one.
#include "ledger/io.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "base/error.h"
#include "os/file.h"

namespace forge {

namespace {

// pread until `size` bytes or the end of the file; gives how many there were.
std::size_t read_at(int fd, const std::string& path, char* out, std::size_t size, std::uint64_t offset)
{
    std::size_t filled = 0;
    while (filled < size) {
        const ssize_t count = ::pread(fd, out + filled, size - filled, static_cast<off_t>(offset + filled));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw errno_error("read " + path);
        filled += static_cast<std::size_t>(count);
        // O_DIRECT reads whole blocks only: what is not one is the end of the file.
        if (count == 0 || filled % 512 != 0)
            break;
    }
    return filled;
}

class RealFile : public IoFile {
public:
    RealFile(std::string path, Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

    std::size_t append(std::string_view data) override
    {
        std::size_t written = 0;
        while (written < data.size()) {
            const ssize_t count = ::write(fd_.get(), data.data() + written, data.size() - written);
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0 && written > 0 && (errno == ENOSPC || errno == EDQUOT))
                return written;
            if (count < 0)
                throw errno_error("write " + path_);
            written += static_cast<std::size_t>(count);
        }
        return written;
    }

    std::string read(std::uint64_t offset, std::size_t size) override
    {
        std::string data(size, '\0');
        data.resize(read_at(fd_.get(), path_, data.data(), size, offset));
        return data;
    }

    std::uint64_t size() override
    {
        struct stat status {};
        if (::fstat(fd_.get(), &status) != 0)
            throw errno_error("fstat " + path_);
        return static_cast<std::uint64_t>(status.st_size);
    }

    void write(std::uint64_t offset, std::string_view data) override
    {
        while (!data.empty()) {
            const ssize_t count = ::pwrite(fd_.get(), data.data(), data.size(), static_cast<off_t>(offset));
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0)
                throw errno_error("write " + path_);
            data.remove_prefix(static_cast<std::size_t>(count));
            offset += static_cast<std::uint64_t>(count);
        }
    }

    bool reserve(std::uint64_t offset, std::uint64_t size) override
    {
        while (::fallocate(fd_.get(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset), static_cast<off_t>(size)) != 0) {
            if (errno == EOPNOTSUPP)
                return false;
            if (errno != EINTR)
                throw errno_error("fallocate " + path_);
        }
        return true;
    }

    void truncate(std::uint64_t size) override
    {
        if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0)
            throw errno_error("truncate " + path_);
    }

    void sync() override
    {
        if (::fdatasync(fd_.get()) != 0)
            throw errno_error("fdatasync " + path_);
    }

protected:
    const std::string path_;
    const Fd fd_;
};

// Reads past the page cache, by whole blocks into aligned memory.
class DiskFile : public RealFile {
public:
    using RealFile::RealFile;

    std::string read(std::uint64_t offset, std::size_t size) override
    {
        constexpr std::size_t block = 4096;
        const std::uint64_t begin = offset / block * block;
        const std::size_t span = static_cast<std::size_t>((offset + size + block - 1) / block * block - begin);
        const std::unique_ptr<char, Free> buffer{static_cast<char*>(std::aligned_alloc(block, std::max(span, block)))};
        if (!buffer)
            throw Error("read " + path_ + ": no memory for " + std::to_string(span) + " bytes");
        const std::size_t filled = read_at(fd_.get(), path_, buffer.get(), span, begin);
        const std::size_t skipped = static_cast<std::size_t>(offset - begin);
        return filled <= skipped ? std::string{} : std::string{buffer.get() + skipped, std::min(size, filled - skipped)};
    }

private:
    struct Free { void operator()(char* memory) const noexcept { std::free(memory); } };
};

}

std::unique_ptr<IoFile> RealIo::open(const std::string& path, OpenFor purpose, mode_t mode)
{
    switch (purpose) {
    case OpenFor::reading: break;
    case OpenFor::reading_disk:
        try {
            return std::make_unique<DiskFile>(path, open_file(path, O_RDONLY | O_NOFOLLOW | O_DIRECT));
        } catch (const SystemError& error) {
            if (error.code != EINVAL)
                throw;
        }
        break;
    case OpenFor::overwriting: return std::make_unique<RealFile>(path, open_file(path, O_RDWR | O_NOFOLLOW));
    case OpenFor::appending:
        return std::make_unique<RealFile>(path, open_file(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, mode));
    }
    return std::make_unique<RealFile>(path, open_file(path, O_RDONLY | O_NOFOLLOW));
}

void Io::replace(const std::string& path, std::string_view data, mode_t mode)
{
    put(path, data, mode);
    sync_folder(folder_of(path));
}

void RealIo::put(const std::string& path, std::string_view data, mode_t mode)
{
    put_file(path, data, mode);
}

void RealIo::remove(const std::string& path)
{
    if (std::remove(path.c_str()) != 0)
        throw errno_error("remove " + path);
}

void RealIo::rename(const std::string& from, const std::string& to)
{
    if (::rename(from.c_str(), to.c_str()) != 0)
        throw errno_error("rename " + from + " to " + to);
}

void RealIo::set_mode(const std::string& path, mode_t mode)
{
    if (::chmod(path.c_str(), mode) != 0)
        throw errno_error("chmod " + path);
}

void RealIo::make_folder(const std::string& path, mode_t mode)
{
    make_folders(path, mode);
}

void RealIo::sync_folder(const std::string& path)
{
    forge::sync_folder(path);
}

bool RealIo::exists(const std::string& path)
{
    return forge::exists(path);
}

std::vector<std::string> RealIo::names(const std::string& folder)
{
    return names_in(folder);
}

std::uint64_t RealIo::free_bytes(const std::string& folder)
{
    struct statvfs status {};
    if (::statvfs(folder.c_str(), &status) != 0)
        throw errno_error("statvfs " + folder);
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

Fd RealIo::lock(const std::string& path)
{
    Fd fd = open_file(path, O_RDWR | O_CREAT, 0600);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            throw Error(path + ": another process has this ledger open");
        throw errno_error("lock " + path);
    }
    return fd;
}

void renew_file(Io& io, const std::string& path, mode_t mode)
{
    constexpr std::size_t piece = 1U << 20;
    const std::string fresh = folder_of(path) + "/.tmp-" + base_name(path);
    if (io.exists(fresh))
        io.remove(fresh);
    const auto from = io.open(path, OpenFor::reading_disk, 0);
    const auto to = io.open(fresh, OpenFor::appending, mode);
    std::uint64_t offset = 0;
    for (std::string bytes = from->read(0, piece); !bytes.empty(); bytes = from->read(offset, piece)) {
        to->write(offset, bytes);
        offset += bytes.size();
    }
    to->sync();
    io.rename(fresh, path);
    io.sync_folder(folder_of(path));
}

std::string read_whole(Io& io, const std::string& path)
{
    const auto file = io.open(path, OpenFor::reading, 0);
    return file->read(0, static_cast<std::size_t>(file->size()));
}

}
