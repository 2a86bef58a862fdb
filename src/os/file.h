// Files: whole reads, durable writes, folders.  Everything here throws SystemError with the path in the message.
#pragma once

#include "os/fd.h"

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// As open(2), with O_CLOEXEC.
Fd open_file(const std::string& path, int flags, mode_t mode = 0);

/// For reading, at once: what stands there must be a file.  Throws Error for a link, folder, pipe or anything else.
Fd open_regular(const std::string& path);

/// The whole file.  Throws Error when it is larger than `limit` bytes.
std::string read_file(const std::string& path, std::size_t limit = std::numeric_limits<std::size_t>::max());
/// The same of what open_regular opens.
std::string read_regular(const std::string& path, std::size_t limit = std::numeric_limits<std::size_t>::max());
/// What is left to read from a descriptor, up to `limit` bytes; throws Error for more.
std::string read_rest(int fd, const std::string& name, std::size_t limit = std::numeric_limits<std::size_t>::max());

/// Writes all of it, however often write(2) is short.
void write_all(int fd, std::string_view data, const std::string& name);

/// Replaces the file as a whole and durably: temporary file, fsync, rename, fsync of the folder.
void write_file_durably(const std::string& path, std::string_view data, mode_t mode = 0644);
/// As above without the last step: durable once the folder is synced.
void put_file(const std::string& path, std::string_view data, mode_t mode = 0644);
/// As above without the syncs: readers see the old file or the new one, a power cut may lose both.
void replace_file(const std::string& path, std::string_view data, mode_t mode = 0644);

/// Makes the file as a whole unless there is one: of several processes that try, one does.  False: there is one.
bool add_file(const std::string& path, std::string_view data, mode_t mode = 0644);

void sync_folder(const std::string& path);
/// Makes the folder and those above it.
void make_folders(const std::string& path, mode_t mode = 0755);
/// The names in a folder, sorted, without "." and "..".
std::vector<std::string> names_in(const std::string& folder);
/// The same; none where there is no folder.
std::vector<std::string> names_if_any(const std::string& folder);

enum class FileKind { none, regular, folder, link, other };
/// Of what stands there itself, links not followed.
FileKind kind_of(const std::string& path);
/// Gives each name in a folder as it is read, without "." and "..": a folder of any size takes no memory.
void each_name(const std::string& folder, const std::function<void(const std::string& name)>& look);

bool exists(const std::string& path);
/// The folder part of a path; "." where there is none.
std::string folder_of(const std::string& path);
/// The last part of a path.
std::string base_name(const std::string& path);

}
