// A random key that an installation makes once and keeps in a file.
#include "os/kept_key.h"

#include "base/error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/random.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace forge {

namespace {

constexpr std::size_t key_bytes = 32;

// A link is never half a file, and there can be only one of a name.
void make_key(const std::string& path)
{
    const std::string fresh = path + "." + hex(random_bytes(8));
    write_file_durably(fresh, random_bytes(key_bytes), 0600);
    const int error = ::link(fresh.c_str(), path.c_str()) == 0 ? 0 : errno;
    ::unlink(fresh.c_str());
    if (error != 0 && error != EEXIST) {
        errno = error;
        throw errno_error("link " + path);
    }
    sync_folder(folder_of(path));
}

}

std::string kept_key(const std::string& path)
{
    if (!exists(path)) {
        make_folders(folder_of(path));
        make_key(path);
    }
    std::string key = read_regular(path, 2 * key_bytes);
    if (key.size() != key_bytes)
        throw Error(path + " must hold " + std::to_string(key_bytes) + " random bytes");
    return key;
}

}
