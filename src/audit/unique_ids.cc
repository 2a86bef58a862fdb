// Whether an id stands twice.
#include "audit/unique_ids.h"

#include "base/error.h"
#include "os/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <queue>
#include <string>

namespace forge {

namespace {

constexpr std::size_t width = sizeof(std::uint64_t);
constexpr std::size_t read_ahead = 8192;   // hashes of each piece while merging

std::string temporary_folder()
{
    const char* const folder = std::getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

// A sorted piece of the file, read bit by bit.
class Piece {
public:
    Piece(int fd, std::size_t begin, std::size_t count) : fd_(fd), begin_(begin), left_(count) {}

    bool next(std::uint64_t& hash)
    {
        if (at_ == buffer_.size() && !fill())
            return false;
        hash = buffer_[at_++];
        return true;
    }

private:
    bool fill()
    {
        buffer_.resize(std::min(left_, read_ahead));
        at_ = 0;
        const auto size = static_cast<ssize_t>(buffer_.size() * width);
        if (::pread(fd_, buffer_.data(), buffer_.size() * width, static_cast<off_t>(begin_ * width)) != size)
            throw errno_error("read back the hashes of ids");
        begin_ += buffer_.size();
        left_ -= buffer_.size();
        return !buffer_.empty();
    }

    int fd_;
    std::size_t begin_;
    std::size_t left_;
    std::vector<std::uint64_t> buffer_;
    std::size_t at_ = 0;
};

}

void UniqueIds::add(std::uint64_t hash)
{
    hashes_.push_back(hash);
    if (hashes_.size() == piece_)
        spill();
}

void UniqueIds::spill()
{
    if (!file_)
        file_ = open_file(temporary_folder(), O_TMPFILE | O_RDWR, 0600);
    std::sort(hashes_.begin(), hashes_.end());
    write_all(file_.get(), {reinterpret_cast<const char*>(hashes_.data()), hashes_.size() * width},
              "the hashes of ids");
    spilled_.push_back(hashes_.size());
    hashes_.clear();
}

std::set<std::uint64_t> UniqueIds::repeated()
{
    std::sort(hashes_.begin(), hashes_.end());
    std::vector<Piece> pieces;
    std::size_t begin = 0;
    for (const std::size_t count : spilled_) {
        pieces.emplace_back(file_.get(), begin, count);
        begin += count;
    }
    using Next = std::pair<std::uint64_t, std::size_t>;
    std::priority_queue<Next, std::vector<Next>, std::greater<>> heads;
    std::size_t in_memory = 0;
    const auto next = [&](std::size_t piece, std::uint64_t& hash) {
        if (piece < pieces.size())
            return pieces[piece].next(hash);
        if (in_memory == hashes_.size())
            return false;
        hash = hashes_[in_memory++];
        return true;
    };
    const auto push = [&](std::size_t piece) {
        std::uint64_t hash = 0;
        if (next(piece, hash))
            heads.emplace(hash, piece);
    };
    for (std::size_t piece = 0; piece <= pieces.size(); ++piece)
        push(piece);
    std::set<std::uint64_t> found;
    std::uint64_t previous = 0;
    for (bool first = true; !heads.empty(); first = false) {
        const auto [hash, piece] = heads.top();
        heads.pop();
        if (!first && hash == previous)
            found.insert(hash);
        previous = hash;
        push(piece);
    }
    return found;
}

}
