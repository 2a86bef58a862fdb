// A bounded pool of threads for computation, awaited from the loop.
#pragma once

#include "base/error.h"
#include "base/queue.h"
#include "os/wait.h"

#include <thread>
#include <type_traits>
#include <vector>

namespace forge {

/// The pool's queue is full.
struct Overloaded : Error {
    using Error::Error;
};

/// The pool must be destroyed before its loop, after the loop has stopped running.
class Pool {
public:
    Pool(Loop& loop, std::string name, std::size_t threads, std::size_t queue_bound);
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// Runs `work()` on a thread of the pool; co_await gives what it gave or throws what it threw; Overloaded when the
    /// queue is full.  A task that is cancelled meanwhile leaves the work running and its result is dropped:
    /// so `work` owns all it needs.
    template <class Work>
    Task<std::invoke_result_t<Work>> run(Work work);
    /// The same where the work must be done: waits for room in the queue.  `work` is copied, and throws no Overloaded.
    template <class Work>
    Task<std::invoke_result_t<Work>> run_when_free(Work work);

private:
    template <class Work>
    struct Job;
    bool submit(Action action);
    Overloaded overloaded() const;

    Loop& loop_;
    const std::string name_;
    Queue<Action> queue_;
    std::vector<std::jthread> threads_;
};

// Shared by the coroutine that waits and the thread that works; deleted on the loop's thread by the last of them.
template <class Work>
struct Pool::Job {
    explicit Job(Work work_) : work(std::move(work_)) {}
    Work work;
    std::optional<std::invoke_result_t<Work>> result;
    std::exception_ptr error;
    Event* done = nullptr;   // nothing once nobody waits; the loop's thread only

    void compute() noexcept
    {
        try {
            result.emplace(work());
        } catch (...) {
            error = std::current_exception();
        }
    }
};

template <class Work>
Task<std::invoke_result_t<Work>> Pool::run(Work work)
{
    struct Interest {   // forgets the job when the waiting coroutine is destroyed
        Job<Work>* job;
        ~Interest() { if (job) job->done = nullptr; }
    };
    auto owned = std::make_unique<Job<Work>>(std::move(work));
    Event done{loop_};
    Interest interest{owned.get()};
    owned->done = &done;
    std::optional<std::invoke_result_t<Work>> result;
    std::exception_ptr error;
    const bool accepted = submit([this, job = std::move(owned), &interest, &result, &error]() mutable {
        job->compute();
        loop_.post([held = std::move(job), &interest, &result, &error] {
            if (!held->done)
                return;
            interest.job = nullptr;
            result = std::move(held->result);
            error = held->error;
            held->done->set();
        });
    });
    if (!accepted) {
        interest.job = nullptr;   // it went with the action
        throw overloaded();
    }
    co_await done.wait();
    if (error)
        std::rethrow_exception(error);
    co_return std::move(*result);
}

template <class Work>
Task<std::invoke_result_t<Work>> Pool::run_when_free(Work work)
{
    constexpr Millis pause{10};
    for (;;) {
        try {
            Task<std::invoke_result_t<Work>> running = run(work);
            std::invoke_result_t<Work> result = co_await running;
            co_return result;
        } catch (const Overloaded&) {   // once more
        }
        co_await sleep_until(loop_, steady_now() + pause);
    }
}

}
