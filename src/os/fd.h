// The owner of a file descriptor.
#pragma once

#include <unistd.h>

#include <utility>

namespace forge {

class Fd {
public:
    Fd() = default;
    explicit Fd(int fd) noexcept : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd other) noexcept { std::swap(fd_, other.fd_); return *this; }
    ~Fd() { if (fd_ >= 0) ::close(fd_); }

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    /// Gives the descriptor away.
    int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_ = -1;
};

}
