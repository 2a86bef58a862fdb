// A file that only grows, by whole pieces.
#include "ledger/growing_file.h"

#include <algorithm>
#include <cerrno>

#include "ledger/refusal.h"
#include "os/file.h"

namespace forge {

void rethrow_classified()
try {
    throw;
} catch (const SystemError& error) {
    switch (error.code) {
    case ENOSPC:
    case EDQUOT:
        throw Refused(Fault::no_space, std::string{"disk full: "} + error.what());
    case EROFS:
    case EACCES:
    case EPERM:
        throw Refused(Fault::read_only, std::string{"read only: "} + error.what());
    default:
        throw LedgerFailed(error.what());
    }
}

GrowingFile::GrowingFile(Io& io, std::string path, mode_t mode)
try : path_(std::move(path)) {
    file_ = io.open(path_, OpenFor::appending, mode);
    written_ = file_->size();
    if (written_ == 0)   // new, or made by an attempt that failed on the way
        io.sync_folder(folder_of(path_));
} catch (...) {
    rethrow_classified();
}

void GrowingFile::check_size()
try {
    if (file_->size() != written_)
        throw LedgerFailed(path_ + ": somebody else changed its size");
} catch (const SystemError&) {
    rethrow_classified();
}

// Gives how much of it the disk took.
std::size_t GrowingFile::write(std::string_view data)
{
    is_dirty_ = true;
    const std::size_t count = file_->append(data);
    written_ += count;
    return count;
}

void GrowingFile::append(std::string_view data)
try {
    check_size();
    const std::uint64_t before = written_;
    bool is_whole = false;
    try {
        is_whole = write(data) == data.size();
    } catch (const SystemError&) {
        cut(before);
        throw;
    }
    if (!is_whole) {
        cut(before);
        throw SystemError("write " + path_ + ": short", ENOSPC);
    }
} catch (...) {
    rethrow_classified();
}

void GrowingFile::add(std::string_view data)
{
    rest_.append(data);
    try {
        write_rest();
    } catch (const Refused&) {
        // It stays in rest_, and is_behind() says so.
    }
}

void GrowingFile::write_rest()
try {
    if (rest_.empty())
        return;
    check_size();
    try {
        rest_.erase(0, write(rest_));
    } catch (const SystemError&) {
        file_->truncate(written_);   // it may have written a part
        throw;
    }
    if (!rest_.empty())
        throw SystemError("write " + path_ + ": short", ENOSPC);
} catch (...) {
    rethrow_classified();
}

void GrowingFile::reserve(std::uint64_t bytes, std::uint64_t step)
try {
    if (size() + bytes <= reserved_)
        return;
    check_size();
    const std::uint64_t wanted = std::max(bytes, step);
    reserved_ = file_->reserve(size(), wanted) ? size() + wanted : size() + bytes;
} catch (...) {
    rethrow_classified();
}

// After a failed fdatasync the kernel may have dropped the pages and forgotten about it: never tried again.
void GrowingFile::sync()
{
    write_rest();
    if (!is_dirty_)
        return;
    try {
        file_->sync();
    } catch (const SystemError& error) {
        throw SyncFailed(error.what());
    }
    is_dirty_ = false;
}

void GrowingFile::close()
{
    sync();
    if (reserved_ > written_)
        cut(written_);
}

void GrowingFile::cut(std::uint64_t size)
try {
    rest_.clear();
    is_dirty_ = true;
    file_->truncate(size);
    written_ = size;
    reserved_ = 0;
} catch (const SystemError& error) {
    throw LedgerFailed(error.what());
}

std::string GrowingFile::read(std::uint64_t offset, std::size_t size)
{
    std::string bytes;
    if (offset < written_)
        bytes = file_->read(offset, static_cast<std::size_t>(std::min<std::uint64_t>(size, written_ - offset)));
    const std::uint64_t next = offset + bytes.size();
    if (bytes.size() < size && next >= written_ && next < this->size())
        bytes += rest_.substr(static_cast<std::size_t>(next - written_), size - bytes.size());
    return bytes;
}

}
