// Cosignatures of witnesses (c2sp.org/tlog-cosignature).
#include "tlog/cosignature.h"

#include "base/error.h"

#include <algorithm>

namespace forge {

namespace {

constexpr auto cosignature_type = static_cast<unsigned char>(KeyType::cosignature);
constexpr std::size_t key_size = 32;
constexpr std::size_t time_size = 8;
constexpr std::size_t id_digits = 8;

std::string big_endian(std::uint64_t number, int bytes)
{
    std::string text;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        text += static_cast<char>(number >> shift);
    return text;
}

std::string signed_message(std::uint64_t seconds, std::string_view checkpoint_text)
{
    return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string{checkpoint_text};
}

bool has_derived_id(unsigned char type)
{
    return type == static_cast<unsigned char>(KeyType::ed25519) || type == cosignature_type
           || type == static_cast<unsigned char>(KeyType::ml_dsa_44);
}

}

std::uint32_t key_id_of(std::string_view name, unsigned char type, std::string_view key)
{
    const char separator[] = {'\n', static_cast<char>(type)};
    const Hash hash = sha256({bytes_of(name), bytes_of(std::string_view{separator, sizeof separator}), bytes_of(key)});
    return std::uint32_t{hash[0]} << 24 | std::uint32_t{hash[1]} << 16 | std::uint32_t{hash[2]} << 8 | hash[3];
}

AnyKey AnyKey::parse(std::string_view vkey)
{
    const auto first = vkey.find('+');
    const auto second = first == vkey.npos ? vkey.npos : vkey.find('+', first + 1);
    if (second == vkey.npos)
        throw Error("a verifier key is not <name>+<id>+<key>");
    const std::string_view id = vkey.substr(first + 1, second - first - 1);
    const auto id_bytes = from_hex(id);
    const auto key = from_base64(vkey.substr(second + 1));
    const bool is_id = id.size() == id_digits && id_bytes && lower(id) == id;
    if (!is_key_name(vkey.substr(0, first)) || !is_id || !key || key->size() < 2)
        throw Error("a verifier key is not <name>+<id>+<key>");
    AnyKey parsed{std::string{vkey.substr(0, first)}, 0, static_cast<unsigned char>(key->front()), key->substr(1)};
    for (const char c : *id_bytes)
        parsed.key_id = parsed.key_id << 8 | static_cast<unsigned char>(c);
    if (has_derived_id(parsed.type) && parsed.key_id != key_id_of(parsed.name, parsed.type, parsed.key))
        throw Error("the verifier key of " + parsed.name + " has an id that does not fit");
    return parsed;
}

std::string AnyKey::text() const
{
    return name + "+" + hex(big_endian(key_id, 4)) + "+" + base64(static_cast<char>(type) + key);
}

CosignerKey::CosignerKey(std::string name, std::string public_key)
    : name_(std::move(name)), public_key_(std::move(public_key)),
      key_id_(key_id_of(name_, cosignature_type, public_key_))
{
    if (!is_key_name(name_))
        throw Error("a witness's name is empty, or has blanks or \"+\"");
    if (public_key_.size() != key_size)
        throw Error("the public key of " + name_ + " has not 32 bytes");
}

CosignerKey CosignerKey::parse(std::string_view vkey)
{
    AnyKey key = AnyKey::parse(vkey);
    if (key.type != cosignature_type)
        throw Error("the verifier key of " + key.name + " is not of the type for Ed25519 cosignatures");
    return {std::move(key.name), std::move(key.key)};
}

std::string CosignerKey::text() const
{
    return AnyKey{name_, key_id_, cosignature_type, public_key_}.text();
}

std::optional<std::uint64_t> CosignerKey::verify(std::string_view checkpoint_text, const NoteSignature& signature) const
{
    if (!made(signature) || signature.bytes.size() <= time_size)
        return std::nullopt;
    std::uint64_t seconds = 0;
    for (const char c : std::string_view{signature.bytes}.substr(0, time_size))
        seconds = seconds << 8 | static_cast<unsigned char>(c);
    const std::string_view bytes = std::string_view{signature.bytes}.substr(time_size);
    const bool is_right = seconds >> 63 == 0
                          && verify_ed25519(public_key_, signed_message(seconds, checkpoint_text), bytes);
    return is_right ? std::optional{seconds} : std::nullopt;
}

Cosigner::Cosigner(std::string name, SigningKey key)
    : key_(std::move(key)), verifier_key_(std::move(name), key_.public_key())
{
}

std::string Cosigner::cosign(std::string_view checkpoint_text, std::uint64_t seconds) const
{
    return "\u2014 " + verifier_key_.name() + " "
           + base64(big_endian(verifier_key_.key_id(), 4) + big_endian(seconds, static_cast<int>(time_size))
                    + key_.sign(signed_message(seconds, checkpoint_text)))
           + "\n";
}

}
