// Cosignatures of witnesses (c2sp.org/tlog-cosignature) with Ed25519: "I saw this checkpoint at that time, and it is
// consistent with all that I saw of the log before".
#pragma once

#include "tlog/note.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace forge {

/// The types of keys that verifier keys may name.
enum class KeyType : unsigned char { ed25519 = 0x01, cosignature = 0x04, ml_dsa_44 = 0x06 };

/// A verifier key of any type, as text: "<name>+<key id, hex>+<base64 of type and key>".
struct AnyKey {
    std::string name;
    std::uint32_t key_id = 0;
    unsigned char type = 0;
    std::string key;

    /// Throws Error where the form is wrong, or the id of a type that has its id from name and key does not fit.
    static AnyKey parse(std::string_view vkey);
    std::string text() const;
};

/// The key id that signed-note recommends, for any type of key.
std::uint32_t key_id_of(std::string_view name, unsigned char type, std::string_view key);

/// Whom a cosignature is from.
class CosignerKey {
public:
    /// Throws Error when the name is none or the key has not 32 bytes.
    CosignerKey(std::string name, std::string public_key);
    /// From the text form, type 0x04.  Throws Error for any other.
    static CosignerKey parse(std::string_view vkey);

    const std::string& name() const noexcept { return name_; }
    const std::string& public_key() const noexcept { return public_key_; }
    std::uint32_t key_id() const noexcept { return key_id_; }
    std::string text() const;

    bool made(const NoteSignature& signature) const { return signature.name == name_ && signature.key_id == key_id_; }
    /// The time of the cosignature, in seconds since 1970; nothing when it is not right.
    std::optional<std::uint64_t> verify(std::string_view checkpoint_text, const NoteSignature& signature) const;

    bool operator==(const CosignerKey&) const = default;

private:
    std::string name_;
    std::string public_key_;
    std::uint32_t key_id_;
};

/// A witness's own key.
class Cosigner {
public:
    Cosigner(std::string name, SigningKey key);
    const CosignerKey& verifier_key() const noexcept { return verifier_key_; }
    /// "— <name> <base64>\n" for the text of a checkpoint.
    std::string cosign(std::string_view checkpoint_text, std::uint64_t seconds) const;

private:
    SigningKey key_;
    CosignerKey verifier_key_;
};

}
