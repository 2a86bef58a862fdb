// Random bytes of the kernel.
#include "os/random.h"

#include "base/error.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

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

std::string RandomBytes::take(std::size_t count)
{
    constexpr std::size_t fetched = 1024;
    if (count > stock_.size())
        stock_ = random_bytes(std::max(count, fetched));
    std::string bytes = stock_.substr(stock_.size() - count);
    ::explicit_bzero(stock_.data() + stock_.size() - count, count);
    stock_.resize(stock_.size() - count);
    return bytes;
}

}
