// Memory for secrets.
#include "os/secret_memory.h"

#include <fcntl.h>
#include <string.h>   // explicit_bzero
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.h"
#include "os/fd.h"

namespace forge {

SecretMemory::SecretMemory(std::size_t size) : size_(size)
{
    if (size == 0)
        return;
    void* const pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        throw errno_error("memory for a secret");
    pages_ = Mapping{pages, size};
    if (::madvise(pages, size, MADV_DONTDUMP) != 0)
        throw errno_error("keep a secret out of core dumps");
    static_cast<void>(::mlock(pages, size));   // RLIMIT_MEMLOCK may forbid it
}

SecretMemory& SecretMemory::operator=(SecretMemory other) noexcept
{
    std::swap(pages_, other.pages_);
    std::swap(size_, other.size_);
    return *this;
}

SecretMemory::~SecretMemory()
{
    if (pages_)
        explicit_bzero(pages_.data(), pages_.size());
}

void SecretMemory::shrink(std::size_t size) noexcept
{
    explicit_bzero(pages_.data() + size, size_ - size);
    size_ = size;
}

void wipe(std::string& text) noexcept
{
    explicit_bzero(text.data(), text.size());
    text.clear();
}

void leave_no_core(bool inspected) noexcept
{
    // One that somebody wants all the same (prlimit, gcore) has no memory in it but the programs' ELF headers: keys are on the
    // stack too, in the environment, and in what OpenSSL and curl allocate.  First: it is not ours to write when not dumpable.
    if (const Fd filter{::open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC)})
        static_cast<void>(::write(filter.get(), "0x10", 4));
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    if (!inspected)
        ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);   // a core pattern that is a pipe has no limit
}

}
