// Lines by their numbers.
#include "ledger/line_files.h"

#include "base/error.h"
#include "ledger/entry.h"
#include "ledger/entry_index.h"
#include "ledger/events.h"
#include "ledger/shards.h"
#include "lib/seekable_zstd.h"
#include "os/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace forge {

namespace {

constexpr unsigned offset_bits = 48;
constexpr std::size_t column_width = sizeof(std::uint64_t);

// Up to `size` bytes; none where there is no such file.
std::string read_part(const std::string& path, std::uint64_t offset, std::size_t size)
try {
    const Fd file = open_file(path, O_RDONLY | O_NOFOLLOW);
    std::string data(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        const ssize_t count = ::pread(file.get(), data.data() + filled, size - filled, static_cast<off_t>(offset + filled));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw errno_error("read " + path);
        if (count == 0)
            break;
        filled += static_cast<std::size_t>(count);
    }
    data.resize(filled);
    return data;
} catch (const SystemError& error) {
    if (error.code != ENOENT)
        throw;
    return {};
}

struct Place {
    std::uint16_t day;
    std::uint64_t offset;
};

std::vector<Place> places(const std::string& root, std::uint64_t first, std::uint64_t count)
{
    const std::string bytes = read_part(root + "/index/off.u64", first * column_width, count * column_width);
    std::vector<Place> found;
    for (std::size_t at = 0; at + column_width <= bytes.size(); at += column_width) {
        std::uint64_t number = 0;
        std::memcpy(&number, bytes.data() + at, column_width);
        found.push_back({static_cast<std::uint16_t>(number >> offset_bits), number & ((std::uint64_t{1} << offset_bits) - 1)});
    }
    if (found.size() < count)
        throw LineMissing(root, {first + found.size()});
    return found;
}

}

std::string read_day(const std::string& root, const std::string& day, std::uint64_t offset, std::size_t size)
{
    std::string bytes = read_part(shard_path(root, day), offset, size);
    if (bytes.empty() && !exists(shard_path(root, day)) && exists(archive_path(root, day)))
        bytes = SeekableZstdReader{archive_path(root, day)}.read(offset, size);
    return bytes;
}

std::vector<std::string> read_lines(const std::string& root, std::uint64_t first, std::uint64_t count)
{
    const std::vector<Place> at = places(root, first, count);
    std::vector<std::string> lines;
    for (std::size_t begin = 0, end = 0; begin < at.size(); begin = end) {
        // Those of one day stand together.
        while (end < at.size() && at[end].day == at[begin].day)
            ++end;
        if (at[end - 1].offset < at[begin].offset || at[end - 1].offset - at[begin].offset > (end - begin) * (line_limit + 1))
            throw LineMissing(root, {first + begin});
        const std::size_t size = static_cast<std::size_t>(at[end - 1].offset - at[begin].offset) + line_limit + 1;
        const std::string bytes = read_day(root, day_name(at[begin].day), at[begin].offset, size);
        for (std::size_t i = begin; i < end; ++i) {
            const std::uint64_t from = at[i].offset - at[begin].offset;
            const auto line_end = from < bytes.size() ? bytes.find('\n', from) : std::string::npos;
            if (line_end == std::string::npos)
                throw LineMissing(root, {first + i});
            lines.push_back(bytes.substr(from, line_end - from));
        }
    }
    return lines;
}

}
