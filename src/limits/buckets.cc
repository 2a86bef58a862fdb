// Token buckets by the generic cell rate algorithm (GCRA): a bucket is one moment, the one at which it is full again.
#include "limits/buckets.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <span>

#include "lib/crypto.h"

namespace forge {

// A file of zeros is an empty table.
struct Buckets::Bucket {
    std::uint64_t key;
    std::int64_t full_at;   // nanoseconds of the monotonic clock
};

namespace {

constexpr std::size_t ways = 16;

std::uint64_t key_of(std::string_view who, std::string_view what)
{
    const Hash hash = sha256({bytes_of(who), bytes_of(std::string_view{"\0", 1}), bytes_of(what)});
    std::uint64_t key = 0;
    std::memcpy(&key, hash.data(), sizeof key);
    return key | 1;   // 0 is an empty bucket
}

std::int64_t nanos(SteadyTime time)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

Millis millis_up(std::int64_t nanoseconds)
{
    return std::chrono::ceil<Millis>(std::chrono::nanoseconds{std::max<std::int64_t>(nanoseconds, 0)});
}

std::string seconds_up(Millis time)
{
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count());
}

}

std::vector<std::pair<std::string, std::string>> Allowance::headers() const
{
    std::vector<std::pair<std::string, std::string>> result{{"ratelimit-limit", std::to_string(limit)},
                                                            {"ratelimit-remaining", std::to_string(remaining)},
                                                            {"ratelimit-reset", seconds_up(reset)}};
    if (!allowed)
        result.emplace_back("retry-after", seconds_up(std::max(retry_after, Millis{1})));
    return result;
}

Buckets::Buckets(const std::string& path, std::size_t sets)
    : sets_(sets), mapping_(map_shared(path, sets * ways * sizeof(Bucket)))
{
}

Buckets::Bucket& Buckets::bucket_of(std::uint64_t key, std::int64_t now)
{
    const std::span set{reinterpret_cast<Bucket*>(mapping_.data()) + (key >> 1) % sets_ * ways, ways};   // all keys are odd
    const auto full_at = [](Bucket& bucket) { return std::atomic_ref{bucket.full_at}.load(); };
    for (;;) {
        Bucket* oldest = &set.front();
        for (Bucket& bucket : set) {
            if (std::atomic_ref{bucket.key}.load() == key)
                return bucket;
            if (full_at(bucket) < full_at(*oldest) && full_at(*oldest) > now)
                oldest = &bucket;
        }
        // The first one that is full again loses nothing.  Another is filled before it changes hands, so that nobody, not even
        // after a death in between, is refused for what the former owner used.  Then look again: somebody may have been faster.
        std::uint64_t former = std::atomic_ref{oldest->key}.load();
        if (full_at(*oldest) > now)
            std::atomic_ref{oldest->full_at}.store(now);
        std::atomic_ref{oldest->key}.compare_exchange_strong(former, key);
    }
}

Allowance Buckets::take(std::string_view who, std::string_view what, Rate rate, SteadyTime time)
{
    const std::int64_t now = nanos(time);
    const std::int64_t window = std::chrono::nanoseconds{rate.window}.count();
    const std::int64_t step = std::max<std::int64_t>(window / rate.requests, 1);
    const std::atomic_ref full_at{bucket_of(key_of(who, what), now).full_at};
    std::int64_t before = full_at.load();
    for (;;) {
        // Later than a window from now: of a time before a reboot, or of a longer window before a reload.
        const std::int64_t from = before > now + window ? now : std::max(before, now);
        const std::int64_t after = from + step;
        const bool allowed = after - now <= window;
        if (allowed && !full_at.compare_exchange_weak(before, after))
            continue;
        const std::int64_t full = allowed ? after : from;
        return {.allowed = allowed,
                .limit = rate.requests,
                .remaining = static_cast<long>((window - (full - now)) / step),
                .reset = millis_up(full - now),
                .retry_after = allowed ? Millis{0} : millis_up(after - now - window)};
    }
}

}
