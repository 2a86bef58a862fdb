// Files: whole reads, durable writes, folders.
#include "os/file.h"

#include "base/error.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

namespace forge {

namespace {

struct CloseFolder {
    void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

enum class Durable { no, bytes, all };

/// Writes it under another name, from which `place` brings it to its own; where something fails, nothing is left.
void write_and(const std::string& path, std::string_view data, mode_t mode, Durable durable,
               const std::function<void(const std::string& temporary)>& place)
{
    std::string temporary = folder_of(path) + "/.tmp-" + base_name(path) + "-XXXXXX";
    const Fd fd{::mkostemp(temporary.data(), O_CLOEXEC)};
    if (!fd)
        throw errno_error("create " + temporary);
    try {
        if (::fchmod(fd.get(), mode) != 0)
            throw errno_error("fchmod " + temporary);
        write_all(fd.get(), data, temporary);
        if (durable != Durable::no && ::fsync(fd.get()) != 0)
            throw errno_error("fsync " + temporary);
        place(temporary);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
    if (durable == Durable::all)
        sync_folder(folder_of(path));
}

void replace(const std::string& path, std::string_view data, mode_t mode, Durable durable)
{
    write_and(path, data, mode, durable, [&](const std::string& temporary) {
        if (::rename(temporary.c_str(), path.c_str()) != 0)
            throw errno_error("rename " + temporary + " to " + path);
    });
}

}

Fd open_file(const std::string& path, int flags, mode_t mode)
{
    Fd fd{::open(path.c_str(), flags | O_CLOEXEC, mode)};
    if (!fd)
        throw errno_error("open " + path);
    return fd;
}

Fd open_regular(const std::string& path)
{
    // Neither a pipe nor a device makes it wait.
    Fd fd{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!fd && errno != ELOOP && errno != ENXIO)
        throw errno_error("open " + path);
    struct stat status {};
    if (fd && ::fstat(fd.get(), &status) != 0)
        throw errno_error("fstat " + path);
    if (!fd || !S_ISREG(status.st_mode))
        throw Error(path + " is no regular file");
    return fd;
}

std::string read_rest(int fd, const std::string& name, std::size_t limit)
{
    std::string data;
    std::array<char, 65536> block;
    for (;;) {
        const ssize_t count = ::read(fd, block.data(), block.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw errno_error("read " + name);
        if (count == 0)
            return data;
        if (data.size() + static_cast<std::size_t>(count) > limit)
            throw Error("read " + name + ": larger than " + std::to_string(limit) + " bytes");
        data.append(block.data(), static_cast<std::size_t>(count));
    }
}

std::string read_file(const std::string& path, std::size_t limit)
{
    return read_rest(open_file(path, O_RDONLY).get(), path, limit);
}

std::string read_regular(const std::string& path, std::size_t limit)
{
    return read_rest(open_regular(path).get(), path, limit);
}

void write_all(int fd, std::string_view data, const std::string& name)
{
    while (!data.empty()) {
        const ssize_t count = ::write(fd, data.data(), data.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw errno_error("write " + name);
        data.remove_prefix(static_cast<std::size_t>(count));
    }
}

void write_file_durably(const std::string& path, std::string_view data, mode_t mode)
{
    replace(path, data, mode, Durable::all);
}

void put_file(const std::string& path, std::string_view data, mode_t mode)
{
    replace(path, data, mode, Durable::bytes);
}

void replace_file(const std::string& path, std::string_view data, mode_t mode)
{
    replace(path, data, mode, Durable::no);
}

bool add_file(const std::string& path, std::string_view data, mode_t mode)
{
    bool added = false;
    write_and(path, data, mode, Durable::all, [&](const std::string& temporary) {
        added = ::link(temporary.c_str(), path.c_str()) == 0;
        if (!added && errno != EEXIST)
            throw errno_error("make " + path);
        ::unlink(temporary.c_str());
    });
    return added;
}

void sync_folder(const std::string& path)
{
    const Fd folder = open_file(path, O_RDONLY | O_DIRECTORY);
    if (::fsync(folder.get()) != 0)
        throw errno_error("fsync " + path);
}

void make_folders(const std::string& path, mode_t mode)
{
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const std::string part = path.substr(0, end);
        struct stat status {};
        if (::mkdir(part.c_str(), mode) != 0 && (errno != EEXIST || ::stat(part.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)))
            throw errno_error("mkdir " + part);
        if (end == std::string::npos)
            return;
    }
}

void each_name(const std::string& folder, const std::function<void(const std::string& name)>& look)
{
    const std::unique_ptr<DIR, CloseFolder> handle{::opendir(folder.c_str())};
    if (!handle)
        throw errno_error("open folder " + folder);
    while (const dirent* const entry = ::readdir(handle.get())) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..")
            look(name);
    }
}

std::vector<std::string> names_in(const std::string& folder)
{
    std::vector<std::string> names;
    each_name(folder, [&](const std::string& name) { names.push_back(name); });
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::string> names_if_any(const std::string& folder)
try {
    return exists(folder) ? names_in(folder) : std::vector<std::string>{};
} catch (const SystemError& error) {
    if (error.code != ENOENT && error.code != ENOTDIR)
        throw;
    return {};
}

FileKind kind_of(const std::string& path)
{
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            throw errno_error("look at " + path);
        return FileKind::none;
    }
    return S_ISREG(status.st_mode) ? FileKind::regular
           : S_ISDIR(status.st_mode) ? FileKind::folder
           : S_ISLNK(status.st_mode) ? FileKind::link : FileKind::other;
}

bool exists(const std::string& path)
{
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0;
}

std::string folder_of(const std::string& path)
{
    const auto slash = path.rfind('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string base_name(const std::string& path)
{
    return path.substr(path.rfind('/') + 1);
}

}
