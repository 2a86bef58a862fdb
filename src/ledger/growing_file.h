// A file that only grows, by whole pieces.
#pragma once

#include "ledger/io.h"

#include <memory>
#include <string>
#include <string_view>

namespace forge {

/// Of the errors of these functions, Refused (E_NOSPC, E_READONLY) means that nothing changed, and LedgerFailed that
/// nobody knows what the disk has: the process must end.  SyncFailed: nor does the kernel's cache.
class GrowingFile {
public:
    /// Opens the file, makes it and its place in the folder durable where it is missing.
    GrowingFile(Io& io, std::string path, mode_t mode);

    /// Writes all of it behind what is there, or nothing.
    void append(std::string_view data);
    /// The same for what is committed already: what the disk does not take now is kept and written by write_rest or sync.
    void add(std::string_view data);
    void write_rest();
    bool is_behind() const noexcept { return !rest_.empty(); }
    /// Throws LedgerFailed when somebody else changed the file's size.
    void check_size();
    /// Makes sure that `bytes` more can be added, asking the disk for `step` at a time.  Throws Refused when it has no
    /// room, LedgerFailed when it asks and somebody else changed the file's size.
    void reserve(std::uint64_t bytes, std::uint64_t step);
    /// Makes all of it durable.
    void sync();
    /// The last that is done with it: sync, and what was reserved is given back.
    void close();
    /// Back to an earlier size.
    void cut(std::uint64_t size);

    /// With what is kept.
    std::uint64_t size() const noexcept { return written_ + rest_.size(); }
    std::string read(std::uint64_t offset, std::size_t size);
    const std::string& path() const noexcept { return path_; }

private:
    std::size_t write(std::string_view data);

    const std::string path_;
    std::unique_ptr<IoFile> file_;
    std::uint64_t written_;
    std::uint64_t reserved_ = 0;   // up to this size
    std::string rest_;
    bool is_dirty_ = true;         // a process before may have left it so
};

/// In a catch block: throws Refused for a disk that is full or read only, LedgerFailed for any other SystemError, and
/// everything else as it is.
[[noreturn]] void rethrow_classified();

}
