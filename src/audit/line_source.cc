// Lines from wherever they can be had.
#include "audit/line_source.h"

#include <sys/stat.h>

#include "base/error.h"
#include "ledger/entry.h"
#include "lib/seekable_zstd.h"
#include "os/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <optional>

namespace forge {

namespace {

constexpr std::size_t block_size = 1U << 20;

// Pieces of a file into lines.
class LineCutter {
public:
    explicit LineCutter(const OnLine& on_line) : on_line_(on_line) {}

    void add(std::string_view bytes)
    {
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t end = bytes.find('\n', at);
            if (end == bytes.npos) {
                keep(bytes.substr(at));
                return;
            }
            if (rest_.empty() && !is_too_long_)
                give(bytes.substr(at, end - at));
            else
                end_rest(bytes.substr(at, end - at));
            at = end + 1;
        }
    }
    void finish() { end_rest({}); }

private:
    void give(std::string_view line)
    {
        if (!line.empty() && line.size() <= line_limit)
            on_line_(line);
    }
    void keep(std::string_view bytes)
    {
        is_too_long_ = is_too_long_ || rest_.size() + bytes.size() > line_limit;
        if (!is_too_long_)
            rest_ += bytes;
    }
    void end_rest(std::string_view bytes)
    {
        keep(bytes);
        if (!is_too_long_)
            give(rest_);
        rest_.clear();
        is_too_long_ = false;
    }

    const OnLine& on_line_;
    std::string rest_;
    bool is_too_long_ = false;
};

void read_plain(const std::string& path, LineCutter& cutter)
{
    const Fd file = open_file(path, O_RDONLY | O_NOFOLLOW);
    std::string buffer(block_size, '\0');
    for (;;) {
        const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
        if (count < 0)
            throw errno_error("read " + path);
        if (count == 0)
            return;
        cutter.add(std::string_view{buffer}.substr(0, static_cast<std::size_t>(count)));
    }
}

// Frame by frame: one that is damaged costs its own lines only.
void read_packed(const std::string& path, const OnLine& on_line)
{
    SeekableZstdReader reader{path};
    std::optional<LineCutter> cutter{on_line};
    for (std::uint64_t at = 0; at < reader.size(); at += block_size) {
        try {
            cutter->add(reader.read(at, block_size));
        } catch (const SystemError&) {
            throw;
        } catch (const Error&) {
            cutter->finish();
            cutter.emplace(on_line);
        }
    }
    cutter->finish();
}

// The full bundle, or the widest of what stands in its place.
std::optional<std::string> bundle_of(const std::string& folder, std::uint64_t index)
{
    const std::string path = folder + "/tile/" + Tile{TileKind::entries, 0, index}.path();
    if (exists(path))
        return read_file(path);
    if (!exists(path + ".p"))
        return std::nullopt;
    std::uint64_t widest = 0;
    for (const auto& name : names_in(path + ".p"))
        widest = std::max(widest, parse_unsigned(name).value_or(0));
    return widest > 0 ? std::optional{read_file(path + ".p/" + std::to_string(widest))} : std::nullopt;
}

void read_bundles(const std::string& folder, SeqRange range, const OnLine& on_line)
{
    if (range.size() == 0 || !exists(folder + "/tile/entries"))
        return;
    for (std::uint64_t index = range.begin / tile_width; index <= (range.end - 1) / tile_width; ++index)
        if (const auto bundle = bundle_of(folder, index))
            read_lines_of_bundle(*bundle, on_line);
}

}

void read_lines_of_file(const std::string& path, const OnLine& on_line)
{
    if (path.ends_with(".zst"))
        return read_packed(path, on_line);
    LineCutter cutter{on_line};
    read_plain(path, cutter);
    cutter.finish();
}

// c2sp.org/tlog-tiles: each entry behind its length in 16 bits, the higher ones first.
void read_lines_of_bundle(std::string_view bytes, const OnLine& on_line)
{
    for (std::size_t at = 0; at + 2 <= bytes.size();) {
        const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) << 8
                                 | static_cast<unsigned char>(bytes[at + 1]);
        if (bytes.size() - at - 2 < size)
            return;
        on_line(bytes.substr(at + 2, size));
        at += 2 + size;
    }
}

void read_lines_of_source(const std::string& source, const std::string& day, SeqRange range, const OnLine& on_line)
{
    struct stat status {};
    if (::stat(source.c_str(), &status) != 0)
        throw errno_error("look at " + source);
    if (S_ISREG(status.st_mode))
        return read_lines_of_file(source, on_line);
    if (!S_ISDIR(status.st_mode))
        throw Error(source + ": neither a file nor a folder");
    for (const std::string& file : {shard_file(day), archive_file(day)})
        if (exists(source + "/" + file))
            read_lines_of_file(source + "/" + file, on_line);
    read_bundles(source, range, on_line);
}

}
