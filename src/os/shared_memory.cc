// A file mapped into memory.
#include "os/shared_memory.h"

#include "base/error.h"
#include "os/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace forge {

namespace {

Mapping map(const Fd& fd, std::size_t size, int protection, const std::string& path)
{
    if (size == 0)
        return {};
    void* const data = ::mmap(nullptr, size, protection, MAP_SHARED, fd.get(), 0);
    if (data == MAP_FAILED)
        throw errno_error("map " + path);
    return {data, size};
}

std::size_t size_of(const Fd& fd, const std::string& path)
{
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0)
        throw errno_error("fstat " + path);
    return static_cast<std::size_t>(status.st_size);
}

}

Mapping::~Mapping()
{
    if (data_)
        ::munmap(data_, size_);
}

Mapping map_file(const std::string& path)
{
    const Fd fd = open_file(path, O_RDONLY);
    return map(fd, size_of(fd, path), PROT_READ, path);
}

Mapping map_shared(const std::string& path, std::size_t size, unsigned mode)
{
    const Fd fd = open_file(path, O_RDWR | O_CREAT, mode);
    // Not ftruncate: on a full disk the first touch of a hole is a SIGBUS.
    if (const int code = size > 0 ? ::posix_fallocate(fd.get(), 0, static_cast<off_t>(size)) : 0; code != 0)
        throw SystemError("grow " + path, code);
    return map(fd, size, PROT_READ | PROT_WRITE, path);
}

}
