// Signed notes (c2sp.org/signed-note): text with Ed25519 signatures below, and the keys that make and check them.
#pragma once

#include "lib/crypto.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace forge {

/// Not empty, UTF-8, without Unicode spaces, control characters and "+".
bool is_key_name(std::string_view name);

/// Who signs, as outsiders keep it: "<name>+<key id, hex>+<base64 of 0x01 and 32 bytes>".
class VerifierKey {
public:
    /// Throws Error when the name is none or the key has not 32 bytes.
    VerifierKey(std::string name, std::string public_key);
    /// From the text form, without newline.  Throws Error for any other type of key and when the key id does not fit.
    static VerifierKey parse(std::string_view vkey);

    const std::string& name() const noexcept { return name_; }
    const std::string& public_key() const noexcept { return public_key_; }
    std::uint32_t key_id() const noexcept { return key_id_; }
    std::string text() const;
    /// "sha256:" and hex, of text(): for people to compare.
    std::string fingerprint() const;

    bool operator==(const VerifierKey&) const = default;

private:
    std::string name_;
    std::string public_key_;
    std::uint32_t key_id_;
};

struct NoteSignature {
    std::string name;
    std::uint32_t key_id;
    std::string bytes;

    /// "— <name> <base64>\n"
    std::string line() const;
};

struct Note {
    std::string text;                        // with its last newline
    std::vector<NoteSignature> signatures;   // of anybody, not checked

    /// Throws Error saying what is not as the specification has it.
    static Note parse(std::string_view bytes);
    /// True when the key signed, and each signature in the key's name and id is right.
    bool is_signed_by(const VerifierKey& key) const;
};

/// Signs notes in a name.  Not changed once made: any thread.
class NoteSigner {
public:
    NoteSigner(std::string name, SigningKey key);

    const VerifierKey& verifier_key() const noexcept { return verifier_key_; }
    /// The note: text, empty line, signature line.  Throws Error for a text that cannot be a note's.
    std::string sign(std::string_view text) const;
    /// "— <name> <base64>\n", to stand below the signature of another key.
    std::string signature_line(std::string_view text) const;

private:
    SigningKey key_;
    VerifierKey verifier_key_;
};

/// The notes of a file in which each is followed by one empty line; throws Error naming the position of what is none.
std::vector<std::string_view> notes_in(std::string_view file);

}
