// A bounded queue between threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace forge {

template <class T>
class Queue {
public:
    explicit Queue(std::size_t bound) : bound_(bound) {}

    /// False when the queue is full or closed; the value is then untouched.
    [[nodiscard]] bool try_push(T&& value)
    {
        {
            const std::lock_guard lock{mutex_};
            if (closed_ || values_.size() >= bound_)
                return false;
            values_.push_back(std::move(value));
        }
        filled_.notify_one();
        return true;
    }

    /// The oldest value, waiting for one; nothing once the queue is closed and empty.
    std::optional<T> pop()
    {
        std::unique_lock lock{mutex_};
        filled_.wait(lock, [&] { return closed_ || !values_.empty(); });
        return take();
    }

    /// As pop, but nothing too when `patience` is over.
    std::optional<T> pop_within(std::chrono::milliseconds patience)
    {
        std::unique_lock lock{mutex_};
        filled_.wait_for(lock, patience, [&] { return closed_ || !values_.empty(); });
        return take();
    }

    /// Lets everyone who waits go; what is queued can still be popped.
    void close()
    {
        {
            const std::lock_guard lock{mutex_};
            closed_ = true;
        }
        filled_.notify_all();
    }

    std::size_t size() const
    {
        const std::lock_guard lock{mutex_};
        return values_.size();
    }

private:
    std::optional<T> take()
    {
        if (values_.empty())
            return std::nullopt;
        std::optional<T> value{std::move(values_.front())};
        values_.pop_front();
        return value;
    }

    const std::size_t bound_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<T> values_;
    bool closed_ = false;
};

}
