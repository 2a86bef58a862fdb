// The disk as the ledger's engine sees it: the real one.
#include "ledger/io.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/error.h"
#include "os/file.h"

namespace forge {

namespace {

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
        std::size_t filled = 0;
        while (filled < size) {
            const ssize_t count = ::pread(fd_.get(), data.data() + filled, size - filled, static_cast<off_t>(offset + filled));
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0)
                throw errno_error("read " + path_);
            if (count == 0)
                break;
            filled += static_cast<std::size_t>(count);
        }
        data.resize(filled);
        return data;
    }

    std::uint64_t size() override
    {
        struct stat status {};
        if (::fstat(fd_.get(), &status) != 0)
            throw errno_error("fstat " + path_);
        return static_cast<std::uint64_t>(status.st_size);
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

private:
    const std::string path_;
    const Fd fd_;
};

}

std::unique_ptr<IoFile> RealIo::open(const std::string& path, OpenFor purpose, mode_t mode)
{
    const int flags = purpose == OpenFor::reading ? O_RDONLY : O_RDWR | O_APPEND | O_CREAT;
    return std::make_unique<RealFile>(path, open_file(path, flags | O_NOFOLLOW, mode));
}

void RealIo::replace(const std::string& path, std::string_view data, mode_t mode)
{
    write_file_durably(path, data, mode);
}

void RealIo::remove(const std::string& path)
{
    if (std::remove(path.c_str()) != 0)
        throw errno_error("remove " + path);
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

std::string read_whole(Io& io, const std::string& path)
{
    const auto file = io.open(path, OpenFor::reading, 0);
    return file->read(0, static_cast<std::size_t>(file->size()));
}

}
