// Signed notes (c2sp.org/signed-note).
#include "tlog/note.h"

#include "base/error.h"

#include <algorithm>

namespace forge {

namespace {

constexpr std::string_view signature_start = "\u2014 ";   // em dash, blank
constexpr char ed25519_type = 1;
constexpr std::size_t note_limit_bytes = 1 << 20;
constexpr std::size_t signature_limit = 100;

// Every character with the Unicode property White_Space beyond ASCII.
constexpr std::string_view unicode_spaces[] = {"\u0085", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                               "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A",
                                               "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

std::uint32_t key_id_of(std::string_view name, std::string_view public_key)
{
    constexpr std::string_view separator = "\n\x01";
    const Hash hash = sha256({bytes_of(name), bytes_of(separator), bytes_of(public_key)});
    return std::uint32_t{hash[0]} << 24 | std::uint32_t{hash[1]} << 16 | std::uint32_t{hash[2]} << 8 | hash[3];
}

std::string big_endian(std::uint32_t number)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(number >> shift);
    return bytes;
}

std::uint32_t from_big_endian(std::string_view bytes)
{
    std::uint32_t number = 0;
    for (const char c : bytes.substr(0, 4))
        number = number << 8 | static_cast<unsigned char>(c);
    return number;
}

void check_characters(std::string_view bytes)
{
    if (bytes.size() > note_limit_bytes)
        throw Error("a note is longer than 1 MiB");
    if (!is_utf8(bytes))
        throw Error("a note is not UTF-8");
    if (std::any_of(bytes.begin(), bytes.end(), [](char c) { return is_control(c) && c != '\n'; }))
        throw Error("a note has a control character");
}

NoteSignature parse_signature(std::string_view line)
{
    const auto fail = [&] { return Error("a note has a line below its text that is no signature"); };
    if (!line.starts_with(signature_start))
        throw fail();
    line.remove_prefix(signature_start.size());
    const auto blank = line.find(' ');
    if (blank == line.npos || !is_key_name(line.substr(0, blank)))
        throw fail();
    const auto bytes = from_base64(line.substr(blank + 1));
    if (!bytes || bytes->size() < 5)
        throw fail();
    return {std::string{line.substr(0, blank)}, from_big_endian(*bytes), bytes->substr(4)};
}

}

bool is_key_name(std::string_view name)
{
    const auto has = [name](std::string_view part) { return name.find(part) != name.npos; };
    return !name.empty() && is_utf8(name) && !has("+") && !has(" ")
           && std::none_of(name.begin(), name.end(), is_control)
           && std::none_of(std::begin(unicode_spaces), std::end(unicode_spaces), has);
}

VerifierKey::VerifierKey(std::string name, std::string public_key)
    : name_(std::move(name)), public_key_(std::move(public_key)), key_id_(key_id_of(name_, public_key_))
{
    if (!is_key_name(name_))
        throw Error("a key name is empty, or has blanks or \"+\"");
    if (public_key_.size() != 32)
        throw Error("the public key of " + name_ + " has not 32 bytes");
}

VerifierKey VerifierKey::parse(std::string_view vkey)
{
    const auto first = vkey.find('+');
    const auto second = first == vkey.npos ? vkey.npos : vkey.find('+', first + 1);
    if (second == vkey.npos)
        throw Error("a verifier key is not <name>+<id>+<key>");
    const auto key = from_base64(vkey.substr(second + 1));
    if (!key || key->size() != 33 || key->front() != ed25519_type)
        throw Error("a verifier key is not of type Ed25519");
    VerifierKey parsed{std::string{vkey.substr(0, first)}, key->substr(1)};
    if (parsed.text() != vkey)
        throw Error("a verifier key has an id that does not fit");
    return parsed;
}

std::string VerifierKey::text() const
{
    return name_ + "+" + hex(big_endian(key_id_)) + "+" + base64(ed25519_type + public_key_);
}

std::string VerifierKey::fingerprint() const
{
    return sha256_digest(text());
}

std::string NoteSignature::line() const
{
    return std::string{signature_start} + name + " " + base64(big_endian(key_id) + bytes) + "\n";
}

Note Note::parse(std::string_view bytes)
{
    check_characters(bytes);
    const auto end = bytes.rfind("\n\n");
    if (end == bytes.npos)
        throw Error("a note has no empty line between text and signatures");
    std::string_view lines = bytes.substr(end + 2);
    if (lines.empty() || lines.back() != '\n')
        throw Error("a note does not end with a signature line");
    lines.remove_suffix(1);
    Note note{std::string{bytes.substr(0, end + 1)}, {}};
    for (const auto line : split(lines, '\n'))
        note.signatures.push_back(parse_signature(line));
    if (note.signatures.size() > signature_limit)
        throw Error("a note has more than 100 signatures");
    return note;
}

bool Note::is_signed_by(const VerifierKey& key) const
{
    bool found = false;
    for (const auto& signature : signatures) {
        if (signature.name != key.name() || signature.key_id != key.key_id())
            continue;
        if (!verify_ed25519(key.public_key(), text, signature.bytes))
            return false;
        found = true;
    }
    return found;
}

NoteSigner::NoteSigner(std::string name, SigningKey key)
    : key_(std::move(key)), verifier_key_(std::move(name), key_.public_key())
{
}

std::string NoteSigner::sign(std::string_view text) const
{
    return std::string{text} + "\n" + signature_line(text);
}

std::string NoteSigner::signature_line(std::string_view text) const
{
    check_characters(text);
    if (text.empty() || text.back() != '\n')
        throw Error("the text of a note does not end with a newline");
    return NoteSignature{verifier_key_.name(), verifier_key_.key_id(), key_.sign(text)}.line();
}

std::vector<std::string_view> notes_in(std::string_view file)
{
    std::vector<std::string_view> notes;
    std::size_t at = 0;
    while (at < file.size()) {
        const auto signature = file.find("\n" + std::string{signature_start}, at);
        const auto end = signature == file.npos ? file.npos : file.find("\n\n", signature + 1);
        if (end == file.npos)
            throw Error("byte " + std::to_string(at) + ": a note does not end");
        notes.push_back(file.substr(at, end + 1 - at));
        at = end + 2;
    }
    return notes;
}

}
