// Keeps the issuer's keys fresh, from OIDC_JWKS_URL or by discovery (OpenID Connect Discovery 1.0 section 4).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "auth/key_ring.h"
#include "base/task.h"
#include "lib/http_client.h"
#include "os/wait.h"

namespace forge {

/// Where the keys are, as the settings say now.
struct KeySource {
    std::string issuer;     // empty: there is none, nothing is fetched
    std::string jwks_url;   // empty: discovered

    friend bool operator==(const KeySource&, const KeySource&) = default;
};

/// The loop's thread only, but for ring().
class IssuerKeys {
public:
    static constexpr std::chrono::minutes refresh_interval{5};

    /// Loop and client must outlive it.  `most_waiting` is KeyRing's.
    IssuerKeys(Loop& loop, HttpClient& client, std::function<KeySource()> source, int most_waiting = 0);

    KeyRing& ring() noexcept { return ring_; }
    /// Fetches now, then each refresh_interval and when a token names an unknown key.  To be called once.
    void start();
    /// After a reload: looks at the source again.
    void reload() { wanted_.set(); }
    /// Why the last fetch failed; empty when it did not.
    const std::string& problem() const noexcept { return problem_; }

private:
    Task<void> keep_fresh();
    Task<KeySet> fetch(KeySource source);
    Task<std::string> get(std::string url);
    Task<std::string> discover(std::string issuer);
    Task<std::optional<KeySet>> try_fetch(KeySource source);

    HttpClient& client_;
    const std::function<KeySource()> source_;
    Event wanted_;
    KeyRing ring_;
    std::string problem_;
    Task<void> task_;   // last: it uses all the others until it is destroyed
};

}
