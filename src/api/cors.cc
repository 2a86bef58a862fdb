// Cross-origin requests.
#include "api/cors.h"

#include <algorithm>

namespace forge {

namespace {

bool is_allowed(const Config& config, const std::string& origin)
{
    const auto& origins = config.allowed_origins.empty() ? config.cors_origin : config.allowed_origins;
    return !origin.empty() && std::ranges::find(origins, origin) != origins.end();
}

}

bool is_preflight(const Request& request)
{
    return request.method == Method::options && !request.origin.empty() && !request.preflight_method.empty();
}

Answer preflight(const Config& config, const Request& request)
{
    if (!is_allowed(config, request.origin))
        return problem(request, 403, "cors_refused", "this origin may not use the API: add it to ALLOWED_ORIGINS");
    Answer answer;
    answer.status = 204;
    answer.with("access-control-allow-methods", "GET, HEAD, POST, DELETE")
        .with("access-control-allow-headers",
              "authorization, content-type, idempotency-key, if-none-match, last-event-id, prefer, traceparent, tracestate, x-request-id")
        .with("access-control-max-age", "600");
    return answer;
}

void add_cors(const Config& config, const Request& request, Answer& answer)
{
    if (config.allowed_origins.empty() && config.cors_origin.empty())
        return;
    answer.with("vary", "origin");
    if (!is_allowed(config, request.origin))
        return;
    answer.with("access-control-allow-origin", request.origin)
        .with("access-control-allow-credentials", "true")
        .with("access-control-expose-headers",
              "etag, location, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, x-catalog-problem, "
              "x-guardian-mode, x-guardian-reason, x-next-cursor, x-request-id, x-total-count");
}

}
