// The lines of a static log on a web server: its entry bundles (c2sp.org/tlog-tiles).  Nothing is believed.
#pragma once

#include "audit/line_source.h"
#include "lib/web_client.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// "http://…" or "https://…".
bool is_web_address(std::string_view source);

/// A bearer token, and the only server that is to see it: "https://forge.example.org".
struct ServerToken {
    std::string server;
    std::string token;
};
/// What FORGE_TOKEN_FILE holds, for the server of FORGE_URL; nothing unless both are set.  Throws Error.
std::optional<ServerToken> token_of_environment();

/// For one thread.
class WebMirror {
public:
    /// `url`: what stands before "/checkpoint".  Asks for the checkpoint; throws Error that says what to do when there is
    /// none, or one of another log than `origin`.
    WebMirror(const std::string& url, const std::string& origin, const std::optional<ServerToken>& token,
              Millis deadline = Millis{60'000});

    /// Fetches the bundles that have lines of these ranges, and no other.  A bundle that is not there is left out.
    /// Throws Error when the server fails meanwhile.
    void read(const std::vector<SeqRange>& ranges, const OnLine& on_line);

private:
    std::optional<std::string> fetch(const std::string& path, std::size_t limit);
    std::optional<std::string> bundle(std::uint64_t index);

    std::string url_;
    std::string token_;
    const Millis deadline_;
    WebClient client_;
    std::uint64_t size_ = 0;   // of its tree, as it says
};

}
