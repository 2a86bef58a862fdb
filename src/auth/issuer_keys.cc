// Fetching the issuer's keys.
#include "auth/issuer_keys.h"

#include "auth/discovery.h"
#include "base/error.h"
#include "base/log.h"

namespace forge {

IssuerKeys::IssuerKeys(Loop& loop, HttpClient& client, std::function<KeySource()> source, Options options)
    : client_(client), source_(std::move(source)), shared_path_(std::move(options.shared_path)), wanted_(loop),
      ring_([this, &loop] { loop.post([this] { wanted_.set(); }); }, options.most_waiting)
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
        if (source != before) {
            ring_.clear();
            taken_ = {};
        }
        before = source;
        take_shared(source);
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
    std::string text = co_await get(url);
    KeySet keys = KeySet::parse(text);
    if (!keys.empty())
        share(source, std::move(text));
    co_return keys;
}

void IssuerKeys::take_shared(const KeySource& source)
{
    const WallTime now = wall_now();
    const auto stored = shared_path_.empty() ? std::nullopt : stored_keys(shared_path_, source, now);
    if (!stored || stored->fetched <= taken_)
        return;
    try {
        ring_.take(KeySet::parse(stored->text), steady_now() - (now - stored->fetched));
        taken_ = stored->fetched;
    } catch (const Error& error) {
        log(Severity::warning, "stored keys are none", {{"file", shared_path_}, {"problem", error.what()}});
    }
}

void IssuerKeys::share(const KeySource& source, std::string text)
{
    taken_ = wall_now();
    if (shared_path_.empty())
        return;
    try {
        store_keys(shared_path_, source, {std::move(text), taken_});
    } catch (const Error& error) {
        log(Severity::warning, "keys cannot be stored for other workers", {{"problem", error.what()}});
    }
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
