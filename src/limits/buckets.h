// How often a caller may do something: token buckets in memory that all workers share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "os/shared_memory.h"

namespace forge {

/// So many requests in a window; unused ones come back evenly over it.
struct Rate {
    long requests;
    Millis window;
};

struct Allowance {
    bool allowed = true;
    long limit = 0;
    long remaining = 0;      // requests left now
    Millis reset{0};         // until all are back
    Millis retry_after{0};   // until one is; 0 when allowed

    /// RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset and, when refused, Retry-After, in whole seconds.
    std::vector<std::pair<std::string, std::string>> headers() const;
};

/// A file of fixed size.  Where it is full, the bucket that is nearest to being full of requests again makes room: then its owner
/// may do more than he should; nobody may do less, unless he has the same key of 63 bits as another (with a million callers a
/// chance of 1 in 10,000,000 that any two have).  10,000 callers fit but for a chance of 1 in 1,000,000,000.
/// Everything is one atomic operation on one word, so a process that dies leaves nothing half done.  Any thread.
class Buckets {
public:
    static constexpr std::size_t standard_sets = 8192;   // of 16 buckets each: 2 MiB

    explicit Buckets(const std::string& path, std::size_t sets = standard_sets);

    /// Takes a request out of the bucket of `who` (a subject, an address) for `what` (a route), if there is one in it.
    Allowance take(std::string_view who, std::string_view what, Rate rate, SteadyTime now = steady_now());

private:
    struct Bucket;
    Bucket& bucket_of(std::uint64_t key, std::int64_t now);

    const std::size_t sets_;
    Mapping mapping_;
};

}
