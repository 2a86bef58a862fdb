// What makes a ledger this ledger.
#include "ledger/identity.h"

#include <algorithm>

#include "ledger/refusal.h"
#include "lib/json.h"

namespace forge {

namespace {

struct Folder {
    const char* name;
    mode_t mode;
};

// What outsiders read is open; lines and index are for the group; keys and private values for nobody.
constexpr Folder folders[] = {
    {"", 0755},        {"/checkpoints", 0755}, {"/days", 0755},       {"/keys", 0755},  {"/tile", 0755},
    {"/index", 0750},  {"/quarantine", 0750},  {"/private", 0700},    {"/private/keys", 0700}, {"/state", 0700},
};

std::string uuid_v4(Env& env)
{
    std::string bytes = env.random(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    std::string text = hex(bytes);
    for (const std::size_t at : {8U, 13U, 18U, 23U})
        text.insert(at, 1, '-');
    return text;
}

bool has_shards(Io& io, const std::string& root)
{
    const auto names = io.names(root);
    return std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.starts_with("events-"); });
}

// A crash while a ledger is made leaves some of the files: what is there is kept, state/meta comes last.
void write_new(Io& io, const std::string& path, const std::string& data, mode_t mode)
{
    if (!io.exists(path))
        io.replace(path, data, mode);
}

NoteSigner read_signer(Io& io, const std::string& root, const std::string& origin)
{
    return {origin, SigningKey::from_pem(read_whole(io, root + "/state/log.pem"))};
}

void create(Io& io, Env& env, const std::string& root, const std::string& origin)
{
    if (origin.empty())
        throw ConfigError("FORGE_LEDGER_ORIGIN is not set, and there is no ledger in " + root);
    if (!is_key_name(origin))
        throw ConfigError("FORGE_LEDGER_ORIGIN: a log's name has no blanks and no +");
    for (const auto& [name, mode] : folders)
        io.make_folder(root + name, mode);
    if (has_shards(io, root))
        throw LedgerDamaged(root + ": there are lines, but no state/meta");
    write_new(io, root + "/state/log.pem", SigningKey::generate().to_pem(), 0400);
    write_new(io, root + "/state/kek", hex(env.random(32)) + "\n", 0400);
    write_new(io, root + "/state/index.key", hex(env.random(32)) + "\n", 0400);
    const std::string vkey = read_signer(io, root, origin).verifier_key().text();
    io.replace(root + "/keys/log.vkey", vkey + "\n", 0644);
    io.replace(root + "/keys/log.vkeys", vkey + " 0 -\n", 0644);
    const Json meta = Json::object({{"format", 1}, {"origin", origin}, {"prev", 1}, {"uuid", uuid_v4(env)}});
    io.replace(root + "/state/meta", dump(meta) + "\n", 0600);
}

std::string read_key(Io& io, const std::string& path)
{
    std::string text = read_whole(io, path);
    const auto key = from_hex(trim(text));
    if (!key || key->size() != 32)
        throw LedgerDamaged(path + ": no key of 32 bytes in hex");
    return *key;
}

std::optional<SpaceSizes> read_sizes(const Json& sizes)
{
    if (!sizes.is_object())
        return std::nullopt;
    const auto number = [&](const char* name) { return static_cast<std::uint64_t>(sizes[name].as_integer()); };
    return SpaceSizes{number("segment"), number("ballast"), number("headroom"), number("hysteresis")};
}

}

Identity open_identity(Io& io, Env& env, const std::string& root, const std::string& origin)
{
    if (!io.exists(root + "/state/meta"))
        create(io, env, root, origin);
    const Json meta = parse_json(read_whole(io, root + "/state/meta"));
    if (meta["format"].as_integer() != 1 || meta["prev"].as_integer() != 1)
        throw LedgerDamaged(root + "/state/meta: a format that this program does not know");
    const std::string name{meta["origin"].as_text()};
    return {name, std::string{meta["uuid"].as_text()}, read_signer(io, root, name), read_key(io, root + "/state/kek"),
            read_key(io, root + "/state/index.key"), read_sizes(meta["sizes"])};
}

void save_sizes(Io& io, const std::string& root, const SpaceSizes& sizes)
{
    Json meta = parse_json(read_whole(io, root + "/state/meta"));
    meta.set("sizes", Json::object({{"ballast", sizes.ballast}, {"headroom", sizes.headroom}, {"hysteresis", sizes.hysteresis},
                                    {"segment", sizes.segment}}));
    io.replace(root + "/state/meta", dump(meta) + "\n", 0600);
}

}
