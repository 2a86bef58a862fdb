// The key under which digests of secrets are made.
#include "config/digest_key.h"

#include <unistd.h>

#include <cerrno>

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/random.h"

namespace forge {

namespace {

constexpr std::size_t key_bytes = 32;

// By a link, so that of several programs one makes it, and none sees a part of it.
void make(const std::string& path)
{
    const std::string own = path + "." + hex(random_bytes(8));
    std::string key = random_bytes(key_bytes);
    std::string text = hex(key);
    write_file_durably(own, text, 0400);
    wipe(key);
    wipe(text);
    const bool is_made = ::link(own.c_str(), path.c_str()) == 0 || errno == EEXIST;
    const int reason = errno;
    ::unlink(own.c_str());
    errno = reason;
    if (!is_made)
        throw errno_error("make " + path);
}

}

Secret digest_key(const std::string& path)
{
    if (!exists(path)) {
        make_folders(folder_of(path));
        make(path);
    }
    return std::move(read_secret(path).secret);
}

}
