// A lock on a file that the kernel gives back when its holder dies, however it dies.
#pragma once

#include "os/fd.h"

#include <sys/types.h>

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace forge {

/// An open file description lock (fcntl(2), F_OFD_SETLK): held until destroyed, also against other threads.
class FileLock {
public:
    /// Nothing when somebody else holds it.  The file is made if it is missing.  Throws SystemError.
    static std::optional<FileLock> try_acquire(const std::string& path, mode_t mode = 0660);
    /// Whether anybody, this process included, holds the lock; false when there is no such file.
    static bool is_held(const std::string& path);

private:
    explicit FileLock(Fd fd) noexcept : fd_(std::move(fd)) {}
    Fd fd_;
};

/// Locks on numbers, in one file that processes share: who dies gives back what he held.  Any thread.
class NumberLocks {
public:
    /// The file is made if it is missing.  Throws SystemError.
    explicit NumberLocks(const std::string& path, mode_t mode = 0660);

    /// A number that is held until this is destroyed; it must not outlive the NumberLocks.
    class Held {
    public:
        Held(NumberLocks& locks, std::uint64_t number) noexcept : locks_(&locks), number_(number) {}
        Held(Held&& other) noexcept : locks_(std::exchange(other.locks_, nullptr)), number_(other.number_) {}
        Held& operator=(Held other) noexcept { std::swap(locks_, other.locks_); std::swap(number_, other.number_); return *this; }
        ~Held() { if (locks_) locks_->release(number_); }

    private:
        NumberLocks* locks_;
        std::uint64_t number_;
    };

    /// Nothing when anybody, this process included, holds the number (below 2^62).  Throws SystemError.
    std::optional<Held> try_acquire(std::uint64_t number);

private:
    void release(std::uint64_t number) noexcept;
    int set_lock(std::uint64_t number, short type) const noexcept;

    const std::string path_;
    const Fd fd_;
    std::mutex mutex_;
    std::set<std::uint64_t> held_;   // the kernel does not tell a process from itself
};

}
