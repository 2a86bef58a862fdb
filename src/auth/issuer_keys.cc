// Fetching the issuer's keys.
#include "auth/issuer_keys.h"

#include "base/error.h"
#include "base/log.h"
#include "config/settings.h"

namespace forge {

namespace {

constexpr std::size_t most_bytes = 256 * 1024;
constexpr Millis deadline{5'000};

/// Only what keeps others from putting their keys in between.
void check_url(const std::string& url)
{
    if (!url.starts_with("https://") && !is_loopback_url(url))
        throw Error("jwks_uri is neither https nor on this host");
}

}

IssuerKeys::IssuerKeys(Loop& loop, HttpClient& client, std::function<KeySource()> source, int most_waiting)
    : client_(client), source_(std::move(source)), wanted_(loop),
      ring_([this, &loop] { loop.post([this] { wanted_.set(); }); }, most_waiting)
{
}

void IssuerKeys::start()
{
    task_ = keep_fresh();
    task_.start();
}

Task<void> IssuerKeys::keep_fresh()
{
    KeySource before;
    for (;;) {
        const KeySource source = source_();
        if (source != before)
            ring_.clear();
        before = source;
        if (!source.issuer.empty() && ring_.begin_fetch(steady_now())) {
            auto keys = co_await try_fetch(source);
            ring_.end_fetch(std::move(keys), steady_now());
        }
        wanted_.clear();
        const auto pause = problem_.empty() ? std::chrono::seconds{refresh_interval} : KeyRing::least_interval;
        co_await wanted_.wait_until(steady_now() + pause);
    }
}

Task<std::optional<KeySet>> IssuerKeys::try_fetch(KeySource source)
{
    try {
        KeySet keys = co_await fetch(std::move(source));
        problem_ = keys.empty() ? "the key set has no key that we accept" : "";
        if (problem_.empty())
            co_return std::move(keys);
    } catch (const Error& error) {
        problem_ = error.what();
    }
    log(Severity::warning, "keys_unavailable: the issuer's keys could not be fetched", {{"problem", problem_}});
    co_return std::nullopt;
}

Task<KeySet> IssuerKeys::fetch(KeySource source)
{
    std::string url = source.jwks_url;
    if (url.empty())
        url = co_await discover(source.issuer);
    const std::string text = co_await get(url);
    co_return KeySet::parse(text);
}

Task<std::string> IssuerKeys::discover(std::string issuer)
{
    const std::string base = issuer.ends_with('/') ? issuer.substr(0, issuer.size() - 1) : issuer;
    const std::string text = co_await get(base + "/.well-known/openid-configuration");
    const Json document = parse_json(text);
    if (document["issuer"].as_text() != issuer)
        throw Error("the discovered issuer is not OIDC_ISSUER; is it the slash at the end?");
    std::string url{document["jwks_uri"].as_text()};
    check_url(url);
    co_return url;
}

Task<std::string> IssuerKeys::get(std::string url)
{
    HttpRequest request{.url = url};
    request.headers.emplace_back("accept", "application/json");
    request.deadlines = {.connect = deadline, .first_byte = deadline, .idle = deadline, .total = deadline};
    request.most_bytes = most_bytes;
    const HttpResponse response = co_await client_.send(std::move(request));
    if (response.outcome != HttpOutcome::answered)
        throw Error("get " + url + ": " + response.problem);
    if (response.status != 200)
        throw Error("get " + url + ": HTTP " + std::to_string(response.status));
    co_return response.body;
}

}
