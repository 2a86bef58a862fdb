// A bounded pool of threads for computation.
#include "os/pool.h"

#include <pthread.h>

namespace forge {

Pool::Pool(Loop& loop, std::string name, std::size_t threads, std::size_t queue_bound)
    : loop_(loop), name_(std::move(name)), queue_(queue_bound)
{
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] {
            while (auto action = queue_.pop())
                (*action)();
        });
        ::pthread_setname_np(threads_.back().native_handle(), name_.substr(0, 15).c_str());
    }
}

Pool::~Pool()
{
    queue_.close();
}

bool Pool::submit(Action action)
{
    return queue_.try_push(std::move(action));
}

Overloaded Pool::overloaded() const
{
    return Overloaded("the " + name_ + " pool's queue is full");
}

}
