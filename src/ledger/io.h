// The disk as the ledger's engine sees it: every access goes through here, so that a test can make each one fail.
// All of it throws SystemError with the path in the message.
#pragma once

#include "os/fd.h"

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// An open file.
class IoFile {
public:
    virtual ~IoFile() = default;
    /// Writes at the end; gives how many bytes were written, which may be fewer than asked for when the disk is full.
    virtual std::size_t append(std::string_view data) = 0;
    /// Up to `size` bytes from `offset`; fewer at the end of the file.
    virtual std::string read(std::uint64_t offset, std::size_t size) = 0;
    virtual std::uint64_t size() = 0;
    /// Overwrites from `offset`, inside the file or behind its end; all of it, or it throws.
    virtual void write(std::uint64_t offset, std::string_view data) = 0;
    /// Makes sure that the bytes from `offset` on can be written, without changing the file's size (fallocate).
    /// False where the file system cannot promise that.
    virtual bool reserve(std::uint64_t offset, std::uint64_t size) = 0;
    virtual void truncate(std::uint64_t size) = 0;
    /// fdatasync.  After a failure the file must not be trusted any more.
    virtual void sync() = 0;
};

/// Appending creates the file where it is missing.  reading_disk is O_DIRECT: what the disk has, not what the kernel's
/// cache believes; where the file system has no such thing, it is reading.
enum class OpenFor { reading, reading_disk, overwriting, appending };

class Io {
public:
    virtual ~Io() = default;
    virtual std::unique_ptr<IoFile> open(const std::string& path, OpenFor purpose, mode_t mode) = 0;
    /// Replaces a file as a whole: temporary file, fsync, rename.  Its name is durable after sync_folder.
    virtual void put(const std::string& path, std::string_view data, mode_t mode) = 0;
    /// The same, durably.
    void replace(const std::string& path, std::string_view data, mode_t mode);
    /// A file, or an empty folder.
    virtual void remove(const std::string& path) = 0;
    /// Not durable before sync_folder.
    virtual void rename(const std::string& from, const std::string& to) = 0;
    virtual void set_mode(const std::string& path, mode_t mode) = 0;
    /// Makes the folder and those above it.
    virtual void make_folder(const std::string& path, mode_t mode) = 0;
    virtual void sync_folder(const std::string& path) = 0;
    virtual bool exists(const std::string& path) = 0;
    /// The names in a folder, sorted.
    virtual std::vector<std::string> names(const std::string& folder) = 0;
    /// Bytes that an unprivileged process may still write there.
    virtual std::uint64_t free_bytes(const std::string& folder) = 0;
    /// flock(2) on a file that is made where it is missing, for as long as the result lives; Error when another has it.
    virtual Fd lock(const std::string& path) = 0;
};

/// The kernel's files.
class RealIo : public Io {
public:
    std::unique_ptr<IoFile> open(const std::string& path, OpenFor purpose, mode_t mode) override;
    void put(const std::string& path, std::string_view data, mode_t mode) override;
    void remove(const std::string& path) override;
    void rename(const std::string& from, const std::string& to) override;
    void set_mode(const std::string& path, mode_t mode) override;
    void make_folder(const std::string& path, mode_t mode) override;
    void sync_folder(const std::string& path) override;
    bool exists(const std::string& path) override;
    std::vector<std::string> names(const std::string& folder) override;
    std::uint64_t free_bytes(const std::string& folder) override;
    Fd lock(const std::string& path) override;
};

/// The whole file, piece by piece, at the given place under a new inode, durably; the old one is gone only then.
void renew_file(Io& io, const std::string& path, mode_t mode);

/// The whole file.
std::string read_whole(Io& io, const std::string& path);

}
