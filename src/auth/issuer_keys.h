// Keeps the issuer's keys fresh, from OIDC_JWKS_URL or by discovery (OpenID Connect Discovery 1.0 section 4).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "auth/key_file.h"
#include "auth/key_ring.h"
#include "base/task.h"
#include "lib/http_client.h"
#include "os/wait.h"

namespace forge {

/// The loop's thread only, but for ring().
class IssuerKeys {
public:
    static constexpr std::chrono::minutes refresh_interval{5};

    struct Options {
        int most_waiting = 0;       // KeyRing's
        std::string shared_path;    // a file of all workers (key_file.h); empty: none
    };

    /// Loop and client must outlive it.
    IssuerKeys(Loop& loop, HttpClient& client, std::function<KeySource()> source, Options options);

    KeyRing& ring() noexcept { return ring_; }
    /// Fetches now, then each refresh_interval and when a token names an unknown key; what another worker fetched since is
    /// taken first, since the issuer may be down by now.  To be called once.
    void start();
    /// After a reload: looks at the source again.
    void reload() { wanted_.set(); }
    /// Why the last fetch failed; empty when it did not.
    const std::string& problem() const noexcept { return problem_; }

private:
    Task<void> keep_fresh();
    void take_shared(const KeySource& source);
    void share(const KeySource& source, std::string text);
    Task<KeySet> fetch(KeySource source);
    Task<std::string> get(std::string url);
    Task<std::string> discover(std::string issuer);
    Task<std::optional<KeySet>> try_fetch(KeySource source);

    HttpClient& client_;
    const std::function<KeySource()> source_;
    const std::string shared_path_;
    WallTime taken_{};    // when the newest set we know of was fetched
    Event wanted_;
    KeyRing ring_;
    std::string problem_;
    Task<void> task_;   // last: it uses all the others until it is destroyed
};

}
