// A file that only grows, by whole pieces.
#include "ledger/growing_file.h"

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
    const bool is_new = !io.exists(path_);
    file_ = io.open(path_, OpenFor::appending, mode);
    size_ = file_->size();
    if (is_new)
        io.sync_folder(folder_of(path_));
} catch (...) {
    rethrow_classified();
}

void GrowingFile::append(std::string_view data)
try {
    if (file_->size() != size_)
        throw LedgerFailed(path_ + ": somebody else changed its size");
    bool is_whole = false;
    try {
        is_whole = file_->append(data) == data.size();
    } catch (const SystemError&) {
        cut(size_);
        throw;
    }
    if (!is_whole) {
        cut(size_);
        throw SystemError("write " + path_ + ": short", ENOSPC);
    }
    size_ += data.size();
} catch (...) {
    rethrow_classified();
}

// After a failed fdatasync the kernel may have dropped the pages and forgotten about it: never tried again.
void GrowingFile::sync()
try {
    file_->sync();
} catch (const SystemError& error) {
    throw LedgerFailed(error.what());
}

void GrowingFile::cut(std::uint64_t size)
try {
    file_->truncate(size);
    size_ = size;
} catch (const SystemError& error) {
    throw LedgerFailed(error.what());
}

}
