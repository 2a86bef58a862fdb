// A file that only grows, by whole pieces: what an append could not finish is taken back.
#pragma once

#include "ledger/io.h"

#include <memory>
#include <string>
#include <string_view>

namespace forge {

/// Of the errors of these functions, Refused (E_NOSPC, E_READONLY) means that nothing changed, and LedgerFailed that
/// nobody knows what the disk has: the process must end.
class GrowingFile {
public:
    /// Opens the file, makes it and its place in the folder durable where it is missing.
    GrowingFile(Io& io, std::string path, mode_t mode);

    /// Writes all of it behind what is there, or nothing.
    void append(std::string_view data);
    /// Makes all of it durable.
    void sync();
    /// Back to an earlier size.
    void cut(std::uint64_t size);

    std::uint64_t size() const noexcept { return size_; }
    std::string read(std::uint64_t offset, std::size_t size) { return file_->read(offset, size); }
    const std::string& path() const noexcept { return path_; }

private:
    const std::string path_;
    std::unique_ptr<IoFile> file_;
    std::uint64_t size_;
};

/// In a catch block: throws Refused for a disk that is full or read only, LedgerFailed for any other SystemError, and
/// everything else as it is.
[[noreturn]] void rethrow_classified();

}
