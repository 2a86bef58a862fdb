// A coroutine that is awaited by one caller, starts when awaited, and is cancelled by destroying it.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace forge {

template <class T = void>
class Task;

namespace detail {

struct PromiseBase {
    std::coroutine_handle<> continuation = std::noop_coroutine();
    std::exception_ptr error;

    struct Final {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept
        {
            return self.promise().continuation;
        }
        void await_resume() const noexcept {}
    };

    std::suspend_always initial_suspend() const noexcept { return {}; }
    Final final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { error = std::current_exception(); }
};

template <class T>
struct Promise : PromiseBase {
    std::optional<T> value;
    Task<T> get_return_object() noexcept;
    template <class From>
    void return_value(From&& from) { value.emplace(std::forward<From>(from)); }
    T result()
    {
        if (error)
            std::rethrow_exception(error);
        return std::move(*value);
    }
};

template <>
struct Promise<void> : PromiseBase {
    Task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void result() const
    {
        if (error)
            std::rethrow_exception(error);
    }
};

}

/// Owns the coroutine.  Rules (g++ 12): co_await stands in a plain statement, parameters are taken by value,
/// a coroutine is never a capturing lambda.
template <class T>
class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    Task() = default;
    explicit Task(Handle handle) noexcept : handle_(handle) {}
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Task& operator=(Task other) noexcept { std::swap(handle_, other.handle_); return *this; }
    ~Task() { if (handle_) handle_.destroy(); }

    explicit operator bool() const noexcept { return handle_ != nullptr; }
    bool is_done() const noexcept { return handle_.done(); }

    /// Runs it up to its first wait, on this thread, with nobody awaiting it: its owner looks at is_done and result.
    void start() { handle_.resume(); }
    /// The value of a task that is done; throws what it threw.
    T result() { return handle_.promise().result(); }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept
    {
        handle_.promise().continuation = caller;
        return handle_;
    }
    T await_resume() { return handle_.promise().result(); }

private:
    Handle handle_;
};

template <class T>
Task<T> detail::Promise<T>::get_return_object() noexcept
{
    return Task<T>{std::coroutine_handle<Promise>::from_promise(*this)};
}

inline Task<void> detail::Promise<void>::get_return_object() noexcept
{
    return Task<void>{std::coroutine_handle<Promise>::from_promise(*this)};
}

}
