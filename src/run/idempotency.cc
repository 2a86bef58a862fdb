// Idempotency-Key.
#include "run/idempotency.h"

#include "base/text.h"
#include "http/message.h"
#include "lib/crypto.h"
#include "lib/json.h"
#include "tlog/jcs.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::size_t most_key_bytes = 255;
constexpr std::chrono::hours validity{24};

std::string hex_hmac(std::string_view key, std::string_view message)
{
    return hex(Bytes{hmac_sha256(key, message)});
}

std::uint64_t number_of(const std::string& tag)
{
    constexpr std::size_t digits = 15;   // 60 bits
    return std::stoull(tag.substr(0, digits), nullptr, 16);
}

}

Idempotency::Idempotency(std::string key, Events& events, const std::string& lock_path)
    : key_(std::move(key)), events_(events), locks_(lock_path)
{
}

IdempotencyTags Idempotency::tags(const Caller& caller, std::string_view route, std::string_view value, std::string_view body) const
{
    const bool is_printable = std::ranges::all_of(value, [](char c) { return c > ' ' && c <= '~'; });
    if (value.empty() || value.size() > most_key_bytes || !is_printable)
        throw Refusal(400, "invalid_request", "Idempotency-Key must be 1 to 255 printable ASCII characters without blanks");
    return {hex_hmac(key_, canonical_json(Json::array({caller.iss, caller.sub, route, value}))), hex_hmac(key_, body)};
}

std::optional<RunLines> Idempotency::earlier(const IdempotencyTags& tags) const
{
    auto run = events_.run_with_idempotency(tags.key);
    if (!run)
        return std::nullopt;
    const auto began = parse_rfc3339(parse_json(run->started.bytes)["ts"].as_text());
    return began && wall_now() - *began < validity ? std::move(run) : std::nullopt;
}

std::optional<NumberLocks::Held> Idempotency::claim(const IdempotencyTags& tags)
{
    return locks_.try_acquire(number_of(tags.key));
}

bool has_body(const RunLines& run, const IdempotencyTags& tags)
{
    return parse_json(run.started.bytes)["event"]["idem"]["body"].as_text() == tags.body;
}

}
