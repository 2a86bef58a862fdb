// The issuer's keys in a file.
#include "auth/key_file.h"

#include "auth/discovery.h"
#include "base/error.h"
#include "lib/json.h"
#include "os/file.h"

namespace forge {

namespace {

constexpr std::size_t largest_file_bytes = 4 * largest_issuer_answer;   // JSON in JSON

}

void store_keys(const std::string& path, const KeySource& source, const StoredKeys& keys)
{
    const Json json = Json::object({{"issuer", source.issuer},
                                    {"jwks_url", source.jwks_url},
                                    {"fetched", rfc3339(keys.fetched)},
                                    {"keys", keys.text}});
    replace_file(path, dump(json), 0600);
}

std::optional<StoredKeys> stored_keys(const std::string& path, const KeySource& source, WallTime now)
{
    if (!exists(path))
        return std::nullopt;
    try {
        const Json json = parse_json(read_file(path, largest_file_bytes));
        const auto fetched = parse_rfc3339(json["fetched"].as_text());
        if (json["issuer"].as_text() != source.issuer || json["jwks_url"].as_text() != source.jwks_url || !fetched || *fetched > now)
            return std::nullopt;
        return StoredKeys{std::string{json["keys"].as_text()}, *fetched};
    } catch (const Error&) {
        return std::nullopt;   // the next fetch writes it anew
    }
}

}
