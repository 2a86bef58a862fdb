// Runs a task to its end on a loop of its own thread.
#pragma once

#include <optional>

#include "os/wait.h"

namespace forge::test {

template <class T>
Task<void> keep_result(Loop& loop, Task<T> task, std::optional<T>& result, std::exception_ptr& error)
{
    try {
        result.emplace(co_await task);
    } catch (...) {
        error = std::current_exception();
    }
    loop.stop();
}

/// What the task gives or throws.
template <class T>
T run_on(Loop& loop, Task<T> task)
{
    std::optional<T> result;
    std::exception_ptr error;
    loop.start(keep_result(loop, std::move(task), result, error));
    loop.run();
    if (error)
        std::rethrow_exception(error);
    return std::move(*result);
}

}
