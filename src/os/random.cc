// Random bytes of the kernel.
#include "os/random.h"

#include "base/error.h"

#include <sys/random.h>

#include <cerrno>

namespace forge {

std::string random_bytes(std::size_t count)
{
    std::string bytes(count, '\0');
    for (std::size_t done = 0; done < count;) {
        const ssize_t got = ::getrandom(bytes.data() + done, count - done, 0);
        if (got < 0 && errno != EINTR)
            throw errno_error("getrandom");
        done += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    return bytes;
}

}
