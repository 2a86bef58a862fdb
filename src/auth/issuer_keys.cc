// Fetching the issuer's keys.
#include "auth/issuer_keys.h"

#include "auth/discovery.h"
#include "base/error.h"
#include "base/log.h"

namespace forge {

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
    const std::string text = co_await get(discovery_url(issuer));
    co_return keys_url_in(text, issuer);
}

Task<std::string> IssuerKeys::get(std::string url)
{
    HttpRequest request{.url = url};
    request.headers.emplace_back("accept", "application/json");
    request.deadlines = {.connect = issuer_deadline, .first_byte = issuer_deadline, .idle = issuer_deadline,
                         .total = issuer_deadline};
    request.most_bytes = largest_issuer_answer;
    const HttpResponse response = co_await client_.send(std::move(request));
    if (response.outcome != HttpOutcome::answered)
        throw Error("get " + url + ": " + response.problem);
    if (response.status != 200)
        throw Error("get " + url + ": HTTP " + std::to_string(response.status));
    co_return response.body;
}

}
