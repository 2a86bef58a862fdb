// Compressed files that can be read from any place, on libzstd.
#include "lib/seekable_zstd.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/error.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t frame_size = 1U << 20;
constexpr std::size_t frames_a_thread = 4;   // taken at once: the last of them leave few threads idle
constexpr std::uint32_t skippable_magic = 0x184D2A5E;
constexpr std::uint32_t table_magic = 0x8F92EAB1;
constexpr std::size_t footer_size = 9;
constexpr std::size_t row_size = 8;
constexpr std::uint64_t frames_limit = 1U << 27;   // of the format
constexpr std::size_t none = ~std::size_t{0};

void put(std::string& bytes, std::uint32_t number)
{
    for (int shift = 0; shift < 32; shift += 8)
        bytes += static_cast<char>(number >> shift & 0xFF);
}

std::uint32_t get(std::string_view bytes, std::size_t at)
{
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return number;
}

std::size_t checked(std::size_t result, const std::string& name)
{
    if (ZSTD_isError(result) != 0)
        throw Error(name + ": " + ZSTD_getErrorName(result));
    return result;
}

}

void SeekableZstdWriter::Free::operator()(ZSTD_CCtx_s* context) const noexcept { ZSTD_freeCCtx(context); }
void SeekableZstdReader::Free::operator()(ZSTD_DCtx_s* context) const noexcept { ZSTD_freeDCtx(context); }

SeekableZstdWriter::SeekableZstdWriter(int fd, std::string name, int level, unsigned threads)
    : fd_(fd), name_(std::move(name))
{
    for (unsigned i = 0; i < std::max(1U, threads); ++i) {
        const Context& context = contexts_.emplace_back(ZSTD_createCCtx());
        if (!context)
            throw std::bad_alloc{};
        checked(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level), name_);
        checked(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1), name_);
    }
}

void SeekableZstdWriter::add(std::string_view data)
{
    while (!data.empty()) {
        if (pending_.empty() || pending_.back().size() == frame_size) {
            if (pending_.size() == contexts_.size() * frames_a_thread)
                write_frames();
            pending_.emplace_back().reserve(frame_size);
        }
        std::string& frame = pending_.back();
        const std::size_t taken = std::min(data.size(), frame_size - frame.size());
        frame += data.substr(0, taken);
        data.remove_prefix(taken);
    }
}

std::string SeekableZstdWriter::packed(Context& context, const std::string& plain) const
{
    std::string bytes(ZSTD_compressBound(plain.size()), '\0');
    bytes.resize(checked(ZSTD_compress2(context.get(), bytes.data(), bytes.size(), plain.data(), plain.size()), name_));
    return bytes;
}

// Each thread takes the next frame.
std::vector<std::string> SeekableZstdWriter::packed_frames()
{
    std::vector<std::string> frames(pending_.size());
    std::vector<std::exception_ptr> errors(contexts_.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&](std::size_t thread) {
        try {
            for (std::size_t i = next++; i < frames.size(); i = next++)
                frames[i] = packed(contexts_[thread], pending_[i]);
        } catch (...) {
            errors[thread] = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        for (std::size_t thread = 1; thread < std::min(contexts_.size(), frames.size()); ++thread)
            others.emplace_back(work, thread);
        work(0);
    }
    for (const auto& error : errors)
        if (error)
            std::rethrow_exception(error);
    return frames;
}

void SeekableZstdWriter::write_frames()
{
    const std::vector<std::string> frames = packed_frames();
    for (std::size_t i = 0; i < frames.size(); ++i) {
        write_all(fd_, frames[i], name_);
        put(table_, static_cast<std::uint32_t>(frames[i].size()));
        put(table_, static_cast<std::uint32_t>(pending_[i].size()));
        ++frames_;
    }
    pending_.clear();
}

void SeekableZstdWriter::finish()
{
    if (pending_.empty() && frames_ == 0)
        pending_.emplace_back();   // of nothing too there is a frame
    write_frames();
    std::string end;
    put(end, skippable_magic);
    put(end, static_cast<std::uint32_t>(table_.size() + footer_size));
    end += table_;
    put(end, frames_);
    end += '\0';   // no checksums in the table: each frame has its own
    put(end, table_magic);
    write_all(fd_, end, name_);
}

SeekableZstdReader::SeekableZstdReader(std::string path)
    : path_(std::move(path)), file_(open_file(path_, O_RDONLY | O_NOFOLLOW)), context_(ZSTD_createDCtx()), held_(none)
{
    if (!context_)
        throw std::bad_alloc{};
    load_table();
}

std::string SeekableZstdReader::bytes_at(std::uint64_t offset, std::size_t size) const
{
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
        const ssize_t count = ::pread(file_.get(), bytes.data() + got, size - got, static_cast<off_t>(offset + got));
        if (count < 0)
            throw errno_error("read " + path_);
        if (count == 0)
            throw Error(path_ + ": cut short");
        got += static_cast<std::size_t>(count);
    }
    return bytes;
}

void SeekableZstdReader::load_table()
{
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0)
        throw errno_error("fstat " + path_);
    const auto file_size = static_cast<std::uint64_t>(status.st_size);
    const auto wrong = [&] { return Error(path_ + ": no table of frames at its end"); };
    if (file_size < footer_size + 8)
        throw wrong();
    const std::string footer = bytes_at(file_size - footer_size, footer_size);
    const std::uint64_t count = get(footer, 0);
    const std::uint64_t table_size = count * row_size + footer_size;
    if (get(footer, 5) != table_magic || footer[4] != 0 || count > frames_limit || file_size < table_size + 8)
        throw wrong();
    const std::string table = bytes_at(file_size - table_size - 8, static_cast<std::size_t>(table_size) + 8);
    if (get(table, 0) != skippable_magic || get(table, 4) != table_size)
        throw wrong();
    std::uint64_t packed_at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const Frame frame{packed_at, size_, get(table, 8 + i * row_size), get(table, 12 + i * row_size)};
        if (frame.size > frame_size)
            throw Error(path_ + ": a frame of more than a mebibyte");
        packed_at += frame.packed_size;
        size_ += frame.size;
        frames_.push_back(frame);
    }
    if (packed_at != file_size - table_size - 8)
        throw wrong();
}

const std::string& SeekableZstdReader::frame(std::size_t index)
{
    if (held_ == index)
        return held_bytes_;
    const Frame& frame = frames_[index];
    const std::string packed = bytes_at(frame.packed_at, frame.packed_size);
    held_ = none;
    held_bytes_.resize(frame.size);
    const std::string name = path_ + ": frame " + std::to_string(index);
    const std::size_t got = checked(ZSTD_decompressDCtx(context_.get(), held_bytes_.data(), held_bytes_.size(),
                                                        packed.data(), packed.size()), name);
    if (got != frame.size)
        throw Error(name + ": not of the size that the table says");
    held_ = index;
    return held_bytes_;
}

std::string SeekableZstdReader::read(std::uint64_t offset, std::size_t size)
{
    std::string bytes;
    const auto after = std::upper_bound(frames_.begin(), frames_.end(), offset,
                                        [](std::uint64_t at, const Frame& frame) { return at < frame.at; });
    for (auto index = static_cast<std::size_t>(after - frames_.begin()) - 1;
         bytes.size() < size && offset < size_ && index < frames_.size(); ++index) {
        const std::string& plain = frame(index);
        const auto begin = static_cast<std::size_t>(offset - frames_[index].at);
        const std::size_t taken = std::min(size - bytes.size(), plain.size() - begin);
        bytes.append(plain, begin, taken);
        offset += taken;
    }
    return bytes;
}

}
