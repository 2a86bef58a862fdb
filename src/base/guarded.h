// A value that can only be reached while its lock is held.
#pragma once

#include <mutex>
#include <utility>

namespace forge {

template <class T>
class Guarded {
public:
    Guarded() = default;
    explicit Guarded(T value) : value_(std::move(value)) {}

    /// Holds the lock for as long as it lives; use as a pointer to the value.
    class Access {
    public:
        Access(std::mutex& mutex, T& value) : lock_(mutex), value_(value) {}
        T* operator->() noexcept { return &value_; }
        T& operator*() noexcept { return value_; }
        std::unique_lock<std::mutex>& lock() noexcept { return lock_; }   // to wait on a condition variable

    private:
        std::unique_lock<std::mutex> lock_;
        T& value_;
    };

    Access access() { return {mutex_, value_}; }

private:
    std::mutex mutex_;
    T value_{};
};

}
