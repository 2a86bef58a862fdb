// The metrics' buckets, and what is counted together.
#include "metrics/metrics.h"

#include <algorithm>

namespace forge {

namespace {

constexpr int known_statuses[] = {
    200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 502, 503, 504,
};

std::vector<std::string> texts(std::span<const int> numbers)
{
    std::vector<std::string> result;
    for (const int number : numbers)
        result.push_back(std::to_string(number));
    return result;
}

}

const std::vector<std::string> Metrics::statuses_ = texts(known_statuses);
const std::vector<std::string> Metrics::run_statuses_ = {"ok", "invalid", "failed", "cancelled", "unknown"};
const std::vector<std::string> Metrics::run_stages_ = {"admission", "preparation", "input_guards", "record_start", "provider", "judgement", "record_end"};
const std::vector<Micros> Metrics::durations_ = {
    Micros{500},         Micros{1'000},      Micros{2'500},      Micros{5'000},      Micros{10'000},
    Micros{25'000},      Micros{50'000},     Micros{100'000},    Micros{250'000},    Micros{500'000},
    Micros{1'000'000},   Micros{2'500'000},  Micros{5'000'000},  Micros{10'000'000}, Micros{30'000'000},
    Micros{60'000'000},  Micros{300'000'000},
};
const std::vector<Micros> Metrics::lags_ = {
    Micros{100},    Micros{1'000},   Micros{5'000},     Micros{10'000},
    Micros{50'000}, Micros{100'000}, Micros{500'000}, Micros{1'000'000},
};

Metrics::Metrics(const std::string& runtime_dir, const std::string& name, std::vector<std::string> routes)
    : MetricSet(runtime_dir + "/metrics", name), routes_(std::move(routes))
{
}

void Metrics::answered(std::size_t route, int status, Micros took)
{
    const auto at = std::ranges::find(known_statuses, status);
    ++requests(route, at - std::begin(known_statuses));
    request_duration(route).observe(took);
}

}
