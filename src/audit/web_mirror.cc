// The lines of a static log on a web server.
#include "audit/web_mirror.h"

#include "base/error.h"
#include "base/text.h"
#include "config/secret_url.h"
#include "ledger/entry.h"
#include "os/file.h"
#include "tlog/checkpoint.h"

#include <algorithm>
#include <cstdlib>

namespace forge {

namespace {

constexpr std::size_t checkpoint_limit = 64U << 10;
constexpr std::size_t bundle_limit = tile_width * (line_limit + 2);
constexpr std::size_t token_limit = 64U << 10;

// "https://forge.example.org/v1" is of "https://forge.example.org".
std::string server_of(std::string_view url)
{
    return std::string{url.substr(0, url.find('/', url.find("://") + 3))};
}

std::string checked_url(std::string url)
{
    while (url.ends_with('/'))
        url.pop_back();
    if (server_of(url).find('@') != std::string::npos)
        throw Error("a source's address must not hold a user or a password: a token comes from FORGE_TOKEN_FILE");
    if (url.find_first_of("?#") != std::string::npos)
        throw Error(url + ": give what stands before \"/checkpoint\", without \"?\" or \"#\"");
    return url;
}

std::string refusal(const std::string& url, long status)
{
    const std::string answered = url + ": the server answered " + std::to_string(status);
    if (status == 401 || status == 403)
        return answered + ": its entry bundles need a token that may read the ledger; name the server with FORGE_URL and the"
                          " token's file with FORGE_TOKEN_FILE";
    if (status >= 300 && status < 400)
        return answered + ": give the address that it leads to";
    return answered + ": try again later, or give another source";
}

}

bool is_web_address(std::string_view source)
{
    return source.starts_with("http://") || source.starts_with("https://");
}

std::optional<ServerToken> token_of_environment()
{
    const char* const url = std::getenv("FORGE_URL");
    const char* const file = std::getenv("FORGE_TOKEN_FILE");
    if (url == nullptr || file == nullptr || *url == '\0' || *file == '\0')
        return std::nullopt;
    if (!keeps_secrets(url))
        throw Error("FORGE_TOKEN_FILE: " + server_of(url) + " is neither https nor on this host: others could read the token on its way;"
                    " give FORGE_URL an https:// address, or unset FORGE_TOKEN_FILE");
    return ServerToken{server_of(url), std::string{trim(read_file(file, token_limit))}};
}

WebMirror::WebMirror(const std::string& url, const std::string& origin, const std::optional<ServerToken>& token,
                     Millis deadline)
    : url_(checked_url(url)), token_(token && token->server == server_of(url_) ? token->token : ""), deadline_(deadline)
{
    const std::string from = url_ + "/checkpoint";
    const auto note = fetch("/checkpoint", checkpoint_limit);
    if (!note)
        throw Error(from + ": not there; give what stands before \"/checkpoint\" of a static log");
    Checkpoint checkpoint;
    try {
        checkpoint = Checkpoint::parse(Note::parse(*note).text);
    } catch (const Error&) {
        throw Error(from + ": not a checkpoint; give what stands before \"/checkpoint\" of a static log");
    }
    if (checkpoint.origin != origin)
        throw Error(from + ": of another log; a mirror of " + origin + " is needed");
    size_ = checkpoint.size;
}

// Nothing where the server has no such file (any more).
std::optional<std::string> WebMirror::fetch(const std::string& path, std::size_t limit)
{
    WebRequest request{.url = url_ + path, .headers = {}, .body = {}, .deadline = deadline_, .longest_answer = limit,
                       .progress = {}};
    if (!token_.empty())
        request.headers["Authorization"] = "Bearer " + token_;
    WebAnswer answer;
    try {
        answer = client_.send(request);
    } catch (const WebError& error) {
        throw Error(request.url + ": " + error.what() + ": is the address right, and the server up?");
    }
    if (answer.status == 404 || answer.status == 410)
        return std::nullopt;
    if (answer.status != 200)
        throw Error(refusal(request.url, answer.status));
    return std::move(answer.body);
}

// A full one may have taken the place of that which the checkpoint speaks of.
std::optional<std::string> WebMirror::bundle(std::uint64_t index)
{
    Tile tile{TileKind::entries, 0, index};
    if (const std::uint64_t begin = index * tile_width; size_ - begin < tile_width) {
        tile.width = static_cast<unsigned>(size_ - begin);
        if (auto bytes = fetch("/tile/" + tile.path(), bundle_limit))
            return bytes;
        tile.width = tile_width;
    }
    return fetch("/tile/" + tile.path(), bundle_limit);
}

void WebMirror::read(const std::vector<SeqRange>& ranges, const OnLine& on_line)
{
    std::uint64_t next = 0;   // bundles before it were fetched
    for (const SeqRange& range : ranges)
        for (std::uint64_t index = std::max(next, range.begin / tile_width);
             index * tile_width < std::min(range.end, size_); ++index) {
            next = index + 1;
            if (const auto bytes = bundle(index))
                read_lines_of_bundle(*bytes, on_line);
        }
}

}
